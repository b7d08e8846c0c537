import type { Observation } from '../../api/index.ts';
import { Badge, Icon, Loading } from '../../components/index.ts';

const looks = {
  green: { tone: 'ok', icon: 'check', says: 'Green: every copy of every shard is there' },
  yellow: { tone: 'warn', icon: 'warning', says: 'Yellow: every shard is there, copies are missing' },
  red: { tone: 'bad', icon: 'stop', says: 'Red: a shard is missing' },
} as const;

/** How the cluster itself says that it is, and what could not be found out. */
export function Health({ observation }: { readonly observation: Observation | undefined }) {
  if (observation === undefined) {
    return (
      <div className="health">
        <Loading what="a fresh look at the cluster" />
      </div>
    );
  }
  const { health } = observation;
  return (
    <div className="health">
      {observation.reachable ? null : (
        <p className="pair">
          <Badge tone="bad" icon="stop" says="The cluster does not answer" /> {observation.because}
        </p>
      )}
      {health === null ? null : (
        <p className="pair">
          <Badge {...looks[health.status]} />
          <span>{countsText(health)}</span>
        </p>
      )}
      {observation.hosts
        .filter(({ reachable }) => !reachable)
        .map(({ key, because }) => (
          <p className="pair" key={key}>
            <Badge tone="bad" icon="stop" says={`The host ${key} does not answer`} /> {because}
          </p>
        ))}
      {observation.unknowns.length === 0 ? null : (
        <div className="note note-warn">
          <Icon name="question" />
          <div>
            <p className="note-says">What could not be found out</p>
            <ul>
              {observation.unknowns.map((unknown) => (
                <li key={unknown}>{unknown}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}

function countsText(health: NonNullable<Observation['health']>): string {
  const counts = [
    [health.initializing, 'shards starting'],
    [health.relocating, 'shards moving'],
    [health.unassigned, 'copies unassigned'],
    [health.pendingTasks, 'pending tasks'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? 'Nothing moves.' : `${told.join(', ')}.`;
}
