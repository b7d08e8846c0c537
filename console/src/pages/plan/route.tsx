import type { Cluster, Plan } from '../../api/index.ts';
import { durationText, Icon, Panel, ReleaseName, releaseText } from '../../components/index.ts';
import { waveMapOf } from '../upgrade/wave-map.ts';
import { WaveMapView } from '../upgrade/wave-map-view.tsx';

const nobody: ReadonlySet<string> = new Set();

/** The way there, hop by hop: who is taken with whom, what it requires, and what does not lead back. */
export function Route({ plan, cluster }: { readonly plan: Plan; readonly cluster: Cluster | null }) {
  return (
    <>
      {plan.hops.map((hop, index) => (
        <Panel
          key={releaseText(hop.hop.to)}
          title={`${plan.hops.length > 1 ? `Hop ${index + 1}: ` : ''}${releaseText(hop.hop.from)} → ${releaseText(hop.hop.to)}`}
          end={
            <span className="hint">
              {hop.hop.mode}, {hop.waves.length === 1 ? '1 wave' : `${hop.waves.length} waves`}, about{' '}
              {durationText(hop.estimateSeconds * 1_000)}
            </span>
          }
        >
          <div className="stack">
            <div>
              <WaveMapView
                planned
                label={`Waves of ${releaseText(hop.hop.from)} to ${releaseText(hop.hop.to)}`}
                map={waveMapOf({ plan, hop: index, cluster, course: null, takings: [], arrived: nobody })}
              />
            </div>
            {plan.gateAfterFirstMember && hop.waves.length > 0 ? (
              <p className="plan-line">
                <Icon name="gate" /> After the first member it waits at a gate until a person lets it go on.
              </p>
            ) : null}
            {hop.hop.requires.map((requirement) => (
              <p key={requirement} className="plan-line">
                <Icon name="check" /> Requires: {requirement}
              </p>
            ))}
            {hop.oneWayDoors.map((door) => (
              <p key={door} className="note note-warn one-way-door">
                <Icon name="door" />
                <span>
                  <b>No way back:</b> {door}
                </span>
              </p>
            ))}
          </div>
        </Panel>
      ))}
    </>
  );
}

/** The whole way in one line. */
export function Way({ plan }: { readonly plan: Plan }) {
  return (
    <ol className="way">
      <li>
        <ReleaseName release={plan.from} />
      </li>
      {plan.hops.map(({ hop, estimateSeconds }) => (
        <li key={releaseText(hop.to)}>
          <span className="way-step">
            <Icon name="up" /> {hop.mode}, {durationText(estimateSeconds * 1_000)}
          </span>
          <ReleaseName release={hop.to} />
        </li>
      ))}
    </ol>
  );
}
