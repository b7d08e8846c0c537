import { expect, it } from 'vitest';
import type { Cluster } from '../domain/index.ts';
import { tellOfSimulatedClusters } from './simulated-left.ts';

interface Sample {
  readonly name: string;
  readonly host: string;
  readonly tags: Readonly<Record<string, string>>;
}

const engine = { members: ({ name, spec }: Cluster) => [{ name, host: spec as unknown as string }] };
const engines = { elasticsearch: { engine, catalog: {} } } as never;

async function told(...samples: readonly Sample[]): Promise<readonly string[]> {
  const clusters = samples.map(({ name, host, tags }) => ({ name, tags, spec: host, engine: 'elasticsearch' }));
  const lines: string[] = [];
  await tellOfSimulatedClusters(
    { listClusters: async () => clusters as never },
    engines,
    (host) => ['local', 'lab'].includes(host),
    { warn: (_about, says) => void lines.push(says) },
  );
  return lines;
}

const simulated = (name: string, host = 'simulated') => ({ name, host, tags: { 'clusterlift:simulated': 'true' } });
const plain = (name: string, host: string) => ({ name, host, tags: {} });

it('who starts a server without simulate is told of the simulated clusters that it cannot reach, and what to do', async () => {
  expect(await told(simulated('b'), plain('real', 'local'), simulated('a'))).toEqual([
    'This database has simulated clusters, and this server does not simulate: a, b. They neither answer nor can be lifted until ' +
      'it is started with --simulate (or CLUSTERLIFT_SIMULATE=1); start it so, or give it a state folder (and a database) of its own.',
  ]);
});

it('nothing is told where there are none, or where their host is one of the configuration', async () => {
  expect(await told(plain('real', 'local'), plain('far', 'away'), simulated('lab', 'lab'))).toEqual([]);
});

it('of very many some are named, and the others counted', async () => {
  const many = Array.from({ length: 25 }, (_, index) => simulated(`c-${String(index).padStart(2, '0')}`));
  const [line] = await told(...many);
  expect(line).toContain('c-18, c-19 and 5 more.');
  expect(line).not.toContain('c-20');
});
