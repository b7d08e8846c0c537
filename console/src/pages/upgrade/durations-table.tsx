import { TableFrame } from '../../components/index.ts';
import { shortDuration } from './axis.ts';
import type { WaveDuration } from './course-of-time.ts';
import './charts.css';

/** How long each wave took: a bar to look at, and the same in figures. */
export function DurationsTable({ durations, hops }: { readonly durations: readonly WaveDuration[]; readonly hops: number }) {
  if (durations.length === 0) return <p className="empty">Nobody was taken.</p>;
  const longestMs = Math.max(1, ...durations.map(({ awayMs, settlingMs }) => awayMs + settlingMs));
  const share = (ms: number) => `${((ms / longestMs) * 100).toFixed(1)}%`;
  return (
    <TableFrame label="How long each wave took">
      <table className="durations">
        <thead>
          <tr>
            <th scope="col">Wave</th>
            <th scope="col" className="bar-column">
              <span className="swatch band-away-plain" aria-hidden="true" /> away{' '}
              <span className="swatch band-settling" aria-hidden="true" /> settling
            </th>
            <th scope="col" className="figure">
              Away
            </th>
            <th scope="col" className="figure">
              Settling
            </th>
          </tr>
        </thead>
        <tbody>
          {durations.map((one) => (
            <tr key={`${one.hop} ${one.number}`}>
              <th scope="row">
                {hops > 1 ? `${one.hop + 1}.` : ''}
                {one.number} <span className="durations-who">{one.members.join(', ')}</span>
                {one.tries > 1 ? <span className="hint"> {one.tries} tries</span> : null}
              </th>
              <td className="bar-column">
                <span className="duration-bar" aria-hidden="true">
                  <span className="band-away-plain" style={{ width: share(one.awayMs) }} />
                  <span className="band-settling" style={{ width: share(one.settlingMs) }} />
                </span>
              </td>
              <td className="figure">{shortDuration(one.awayMs)}</td>
              <td className="figure">
                {one.settlingMs === 0 && !one.isOver
                  ? 'goes on'
                  : `${shortDuration(one.settlingMs)}${one.isOver ? '' : ', goes on'}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
