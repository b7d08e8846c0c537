import { describe, expect, it } from 'vitest';
import type { Cluster } from '../domain/index.ts';
import { refuseRealClusters } from './refuse-real-clusters.ts';

const members: Readonly<Record<string, string>> = { shop: 'local', trial: 'simulated' };
const engine = { members: ({ name }: Cluster) => [{ name: 'one', host: members[name] ?? '' }] };
const engines = { elasticsearch: { engine, catalog: {} } } as never;
const refuse = (...names: string[]) =>
  refuseRealClusters(
    { listClusters: async () => names.map((name) => ({ name, engine: 'elasticsearch' })) as never },
    engines,
    (host) => host === 'local',
  );

describe('a server that simulates', () => {
  it('starts beside simulated clusters, and where there are none', async () => {
    await expect(refuse('trial')).resolves.toBeUndefined();
    await expect(refuse()).resolves.toBeUndefined();
  });

  it('does not start where a cluster is real, and names it', async () => {
    await expect(refuse('trial', 'shop')).rejects.toThrow(/has real ones: shop\. Start it without simulate/);
  });
});
