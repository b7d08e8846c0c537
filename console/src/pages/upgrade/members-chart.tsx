import { useId } from 'react';
import { shortDuration, ticksOf } from './axis.ts';
import type { Count } from './course-of-time.ts';
import type { TimeScale } from './time-scale.ts';
import { useWidth } from './use-width.ts';
import './charts.css';

const height = 132;
const edge = { left: 28, right: 12, top: 8, bottom: 22 } as const;
const pxPerTick = 80;

interface Props {
  readonly counts: readonly Count[];
  /** Every release of the route, the oldest first. */
  readonly releases: readonly string[];
  readonly members: number;
  readonly scale: TimeScale;
}

interface Band {
  readonly key: string;
  readonly says: string;
  readonly className: string;
  of(count: Count): number;
}

/** How many members run which release, and how many are away, at each moment. The newest release grows from below. */
export function MembersChart({ counts, releases, members, scale }: Props) {
  const [place, width] = useWidth<HTMLElement>();
  const hatching = useId();
  const last = counts.at(-1);
  if (last === undefined || members === 0) return null;
  const across = (placeMs: number) => edge.left + (placeMs / scale.lengthMs) * (width - edge.left - edge.right);
  const x = (atMs: number) => across(scale.placeOf(atMs));
  const y = (count: number) => height - edge.bottom - (count / members) * (height - edge.top - edge.bottom);
  const bands = bandsOf(releases);
  return (
    <figure ref={place} className="chart">
      <svg width={width} height={height} role="img" aria-label={saysOf(last, releases, members)}>
        <defs>
          <pattern id={hatching} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="hatch-ground" width="6" height="6" />
            <rect className="hatch-line" width="2" height="6" />
          </pattern>
        </defs>
        {bands.map((band, index) => (
          <path
            key={band.key}
            className={band.className}
            d={areaOf(counts, bands.slice(0, index), band, x, y)}
            fill={band.key === 'away' ? `url(#${hatching})` : undefined}
          />
        ))}
        {[0, members].map((count) => (
          <text key={count} className="axis" x={edge.left - 6} y={y(count) + 4} textAnchor="end">
            {count}
          </text>
        ))}
        <TimeAxis lengthMs={scale.lengthMs} width={width} x={across} />
      </svg>
      <ul className="chart-keys">
        {[...bands].reverse().map((band) => (
          <li key={band.key}>
            <span className={`swatch ${band.className}`} aria-hidden="true" />
            {band.says}: {band.of(last)} now
          </li>
        ))}
      </ul>
    </figure>
  );
}

function TimeAxis({ lengthMs, width, x }: { readonly lengthMs: number; readonly width: number; x(ms: number): number }) {
  return (
    <>
      <line className="axis-line" x1={edge.left} x2={width - edge.right} y1={height - edge.bottom} y2={height - edge.bottom} />
      {ticksOf(lengthMs, Math.max(2, Math.floor(width / pxPerTick))).map((ms) => (
        <text key={ms} className="axis" x={x(ms)} y={height - 6} textAnchor={ms === 0 ? 'start' : 'middle'}>
          {shortDuration(ms)}
        </text>
      ))}
    </>
  );
}

/** From below: the newest release first, whoever is away, then the older ones. */
function bandsOf(releases: readonly string[]): readonly Band[] {
  const running = releases.map((release, index): Band => {
    const age = releases.length - 1 - index;
    return {
      key: `${index}`,
      says: release,
      className: age === 0 ? 'band-new' : index === 0 ? 'band-old' : 'band-between',
      of: (count) => count.running[index] ?? 0,
    };
  });
  const away: Band = { key: 'away', says: 'away', className: 'band-away', of: (count) => count.away };
  const [old, ...newer] = running;
  return [...newer.reverse(), away, ...(old === undefined ? [] : [old])];
}

function areaOf(
  counts: readonly Count[],
  below: readonly Band[],
  band: Band,
  x: (ms: number) => number,
  y: (count: number) => number,
) {
  const floorOf = (count: Count) => below.reduce((sum, one) => sum + one.of(count), 0);
  const steps = (levelOf: (count: Count) => number) =>
    counts.flatMap((count, index) => {
      const next = counts[index + 1];
      const level = y(levelOf(count));
      return [[x(count.atMs), level] as const, ...(next === undefined ? [] : [[x(next.atMs), level] as const])];
    });
  const top = steps((count) => floorOf(count) + band.of(count));
  const bottom = steps(floorOf).reverse();
  return `M${[...top, ...bottom].map(([left, up]) => `${left.toFixed(1)} ${up.toFixed(1)}`).join('L')}Z`;
}

function saysOf(last: Count, releases: readonly string[], members: number): string {
  const running = releases.map((release, index) => `${last.running[index] ?? 0} run ${release}`);
  return `Members over time: of ${members} now ${running.join(', ')}${last.away === 0 ? '' : `, ${last.away} are away`}.`;
}
