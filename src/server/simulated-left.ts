import { type ControlParts, engineOf } from '../control/index.ts';
import { type Log, type Store, simulatedTag } from '../domain/index.ts';

/** So many are named; of thousands nobody reads the names. */
const namedMax = 20;

/** A server that does not simulate cannot reach simulated clusters that are in its database: who starts it is told so. */
export async function tellOfSimulatedClusters(
  store: Pick<Store, 'listClusters'>,
  engines: ControlParts['engines'],
  isHost: (host: string) => boolean,
  log: Pick<Log, 'warn'>,
): Promise<void> {
  const left = (await store.listClusters(null)).filter(
    (cluster) =>
      cluster.tags[simulatedTag] !== undefined &&
      engineOf({ engines }, cluster)
        .engine.members(cluster)
        .some(({ host }) => !isHost(host)),
  );
  if (left.length === 0) return;
  const names = left.map(({ name }) => name).sort();
  const others = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
  log.warn(
    { clusters: names.length },
    `This database has simulated clusters, and this server does not simulate: ${names.slice(0, namedMax).join(', ')}${others}. ` +
      'They neither answer nor can be lifted until it is started with --simulate (or CLUSTERLIFT_SIMULATE=1); start it so, or ' +
      'give it a state folder (and a database) of its own.',
  );
}
