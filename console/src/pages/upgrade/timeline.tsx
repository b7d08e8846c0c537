import { shortDuration, ticksOf } from './axis.ts';
import type { Lane } from './lanes.ts';
import type { TimeScale } from './time-scale.ts';
import { useWidth } from './use-width.ts';
import './charts.css';

const laneHeight = 20;
const axisHeight = 20;
const pxPerTick = 80;
const letterPx = 7;
const narrowestBar = 2;

interface Props {
  readonly lanes: readonly Lane[];
  readonly scale: TimeScale;
}

/** Waves, waits and rests along the time. The events below tell the same in words. */
export function Timeline({ lanes, scale }: Props) {
  const [place, width] = useWidth<HTMLElement>();
  const { lengthMs } = scale;
  const longest = Math.max(0, ...lanes.map(({ name }) => name.length));
  const left = Math.min(longest * letterPx + 10, Math.floor(width * 0.3));
  const letters = Math.floor((left - 10) / letterPx);
  const across = (placeMs: number) => left + (placeMs / lengthMs) * (width - left - 12);
  const x = (atMs: number) => across(scale.placeOf(atMs));
  const height = lanes.length * laneHeight + axisHeight;
  return (
    <figure ref={place} className="chart">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Timeline of ${shortDuration(lengthMs)}: ${lanes.length} lanes, told in words by the events.`}
      >
        {lanes.map(({ name, bars }, index) => (
          <g key={name} transform={`translate(0 ${index * laneHeight})`}>
            <line className="lane-line" x1={left} x2={width - 12} y1={laneHeight - 0.5} y2={laneHeight - 0.5} />
            <text className="axis" x={0} y={14}>
              {name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name}
              <title>{name}</title>
            </text>
            {bars.map((bar) => (
              <rect
                key={`${bar.fromMs} ${bar.kind}`}
                className={`bar-${bar.kind}`}
                x={x(bar.fromMs)}
                y={4}
                width={Math.max(narrowestBar, x(bar.toMs) - x(bar.fromMs))}
                height={laneHeight - 8}
                rx={2}
              >
                <title>{`${bar.says} (${shortDuration(bar.toMs - bar.fromMs)})`}</title>
              </rect>
            ))}
          </g>
        ))}
        {ticksOf(lengthMs, Math.max(2, Math.floor((width - left) / pxPerTick))).map((ms) => (
          <text key={ms} className="axis" x={across(ms)} y={height - 5} textAnchor={ms === 0 ? 'start' : 'middle'}>
            {shortDuration(ms)}
          </text>
        ))}
      </svg>
      <ul className="chart-keys">
        <li>
          <span className="swatch band-away-plain" aria-hidden="true" /> members away
        </li>
        <li>
          <span className="swatch band-settling" aria-hidden="true" /> the cluster settles
        </li>
        <li>
          <span className="swatch band-wait" aria-hidden="true" /> waits for a reason
        </li>
        {lanes.some(({ name }) => name === 'rests') ? (
          <li>
            <span className="swatch band-rest" aria-hidden="true" /> rests: paused, at a gate or stopped
          </li>
        ) : null}
        {scale.isShortened ? <li>Long rests are drawn shorter than they were, and the scale leaves that out.</li> : null}
      </ul>
    </figure>
  );
}
