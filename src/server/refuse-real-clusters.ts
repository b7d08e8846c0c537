import { type ControlParts, engineOf } from '../control/index.ts';
import type { Store } from '../domain/index.ts';

/** A server that simulates has simulated releases only: it must not look after clusters that are real. */
export async function refuseRealClusters(
  store: Pick<Store, 'listClusters'>,
  engines: ControlParts['engines'],
  isReal: (host: string) => boolean,
): Promise<void> {
  const real = (await store.listClusters(null)).filter((cluster) =>
    engineOf({ engines }, cluster)
      .engine.members(cluster)
      .some(({ host }) => isReal(host)),
  );
  if (real.length === 0) return;
  const names = real.map(({ name }) => name).sort();
  throw new Error(
    `With simulate, a server looks after simulated clusters only, and this database has real ones: ${names.join(', ')}. ` +
      'Start it without simulate, or with a state folder (and a database) of its own.',
  );
}
