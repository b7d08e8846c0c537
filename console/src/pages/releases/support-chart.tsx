import { dayText } from '../../components/index.ts';
import { useWidth } from '../upgrade/use-width.ts';
import type { Dated } from './support.ts';
import '../upgrade/charts.css';

const rowHeight = 20;
const axisHeight = 22;
const left = 52;
const pxPerYear = 58;
/** What ended long ago is history; the table has it. */
const endedShownMs = 2 * 365 * 24 * 60 * 60_000;

type Release = Dated & { readonly version: string };

/** How long each release is supported, the newest above, with today as a line. */
export function SupportChart({ releases, nowMs }: { readonly releases: readonly Release[]; readonly nowMs: number }) {
  const [place, width] = useWidth<HTMLElement>();
  const bars = releases
    .flatMap(barOf)
    .filter(({ extendedMs }) => extendedMs > nowMs - endedShownMs)
    .reverse();
  const fromMs = Math.min(nowMs, ...bars.map((bar) => bar.fromMs));
  const untilMs = Math.max(nowMs, ...bars.map(({ extendedMs }) => extendedMs));
  const x = (ms: number) => left + ((ms - fromMs) / Math.max(1, untilMs - fromMs)) * (width - left - 8);
  const height = bars.length * rowHeight + axisHeight;
  return (
    <figure ref={place} className="chart">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Support of ${bars.length} releases; the table below has the dates.`}
      >
        {bars.map(({ version, fromMs: begin, standardMs, extendedMs, says }, index) => (
          <g key={version} transform={`translate(0 ${index * rowHeight})`}>
            <text className="axis" x={0} y={14}>
              {version}
            </text>
            <rect
              className="support-standard"
              x={x(begin)}
              y={4}
              width={Math.max(1, x(standardMs) - x(begin))}
              height={12}
              rx={2}
            >
              <title>{says}</title>
            </rect>
            <rect
              className="support-extended"
              x={x(standardMs)}
              y={4}
              width={Math.max(0, x(extendedMs) - x(standardMs))}
              height={12}
              rx={2}
            >
              <title>{says}</title>
            </rect>
          </g>
        ))}
        <line className="support-today" x1={x(nowMs)} x2={x(nowMs)} y1={0} y2={height - axisHeight + 4} />
        {yearsOf(fromMs, untilMs, width).map(({ year, atMs }) => (
          <text key={year} className="axis" x={x(atMs)} y={height - 4} textAnchor="middle">
            {year}
          </text>
        ))}
      </svg>
      <ul className="chart-keys">
        <li>
          <span className="swatch support-standard" aria-hidden="true" /> standard support
        </li>
        <li>
          <span className="swatch support-extended" aria-hidden="true" /> extended support
        </li>
        <li>
          <span className="swatch support-now" aria-hidden="true" /> today
        </li>
      </ul>
    </figure>
  );
}

function barOf({ version, releasedAt, endOfStandardSupport, endOfExtendedSupport }: Release) {
  if (releasedAt === null || endOfStandardSupport === null) return [];
  const last = endOfExtendedSupport ?? endOfStandardSupport;
  return [
    {
      version,
      fromMs: Date.parse(releasedAt),
      standardMs: Date.parse(endOfStandardSupport),
      extendedMs: Date.parse(last),
      says: `${version}: from ${dayText(releasedAt)}, standard until ${dayText(endOfStandardSupport)}, extended until ${dayText(last)}`,
    },
  ];
}

function yearsOf(fromMs: number, untilMs: number, width: number) {
  const [first, last] = [new Date(fromMs).getUTCFullYear() + 1, new Date(untilMs).getUTCFullYear()];
  const every = Math.max(1, Math.ceil(((last - first + 1) * pxPerYear) / width));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
    .filter((year) => (year - first) % every === 0)
    .map((year) => ({ year, atMs: Date.UTC(year, 0, 1) }));
}
