import { describe, expect, it } from 'vitest';
import type { ClusterSpec, ElasticsearchNodeSpec, ElasticsearchSpec, EngineIo, Host } from '../../domain/index.ts';
import { draft, troubles } from './draft.ts';

const free = Array.from({ length: 200 }, (_, index) => 9_200 + index);
const host = { freePorts: async (count: number) => free.slice(0, count) } as Partial<Host> as Host;
const io: EngineIo = {
  http: () => Promise.reject(new Error('nobody answers')),
  hosts: (key) => (key === 'local' ? host : undefined),
  now: () => '2026-01-01T00:00:00.000Z',
  pause: async () => undefined,
};
const isHost = (key: string) => key === 'local';

function node(name: string, change: Partial<ElasticsearchNodeSpec> = {}): ElasticsearchNodeSpec {
  return {
    name,
    host: 'local',
    url: '',
    httpPort: 0,
    transportPort: 0,
    zone: null,
    roles: ['master', 'data'],
    heapMb: 256,
    settingsFileOwner: 'clusterlift',
    folders: null,
    ...change,
  };
}

function spec(change: Partial<ElasticsearchSpec> = {}): ElasticsearchSpec {
  return {
    kind: 'elasticsearch',
    clusterName: 'logs',
    nodes: [node('a'), node('b')],
    release: { version: '6.7.0', build: null },
    settings: {},
    awarenessAttribute: null,
    bindAddress: '127.0.0.1',
    repositoryPath: null,
    username: null,
    hooks: { preStop: null, postStart: null },
    gateAfterFirstMember: false,
    ...change,
  };
}

async function drafted(wanted: ElasticsearchSpec, others: readonly ClusterSpec[] = []): Promise<ElasticsearchSpec> {
  const made = await draft(
    { clusterId: 'es-1', spec: wanted, others, repositoryFolder: '/snapshots/es-1', authenticationUrl: '' },
    io,
  );
  if (made.kind !== 'drafted' || made.spec.kind !== 'elasticsearch') throw new Error(JSON.stringify(made));
  return made.spec;
}

describe('the description of a cluster that is to be made', () => {
  it('gets ports of its own for each node, and none of another cluster', async () => {
    const one = await drafted(spec());
    const two = await drafted(spec(), [one]);
    const nodes = [one, two].flatMap((made) => made.nodes);
    expect(new Set(nodes.flatMap((made) => [made.httpPort, made.transportPort])).size).toBe(8);
    expect(nodes.map((made) => made.url)).toEqual(nodes.map((made) => `http://127.0.0.1:${made.httpPort}`));
  });

  it('keeps the ports and the repository that were asked for, and gets a repository where none was', async () => {
    const nodes = [node('a', { httpPort: 9_500, transportPort: 9_600, url: 'http://there:9500' })];
    expect(await drafted(spec({ nodes, repositoryPath: '/mine' }))).toMatchObject({ nodes, repositoryPath: '/mine' });
    expect((await drafted(spec({ nodes }))).repositoryPath).toBe('/snapshots/es-1');
  });

  it('has URLs that are URLs on IPv6, too', async () => {
    const [made] = (await drafted(spec({ bindAddress: '::1' }))).nodes;
    expect(made?.url).toBe(`http://[::1]:${made?.httpPort}`);
  });

  it('is refused where the settings file of a node that is to be made belongs to its owner', async () => {
    const wanted = spec({ nodes: [node('a', { settingsFileOwner: 'owner' })] });
    const request = { clusterId: 'es-1', spec: wanted, others: [], repositoryFolder: '/snapshots', authenticationUrl: '' };
    expect(await draft(request, io)).toEqual({
      kind: 'refused',
      because: ['nodes: a is to be made: its settings file is ours (settingsFileOwner clusterlift).'],
    });
  });

  it('is found wrong with every sentence at once', () => {
    const nodes = [node('a', { host: 'elsewhere', url: 'http://a' }), node('a', { url: 'http://a' })];
    expect(troubles(spec({ nodes: nodes.map((one) => ({ ...one, roles: ['data'] as const })) }), isHost)).toEqual([
      'nodes: each node has a name of its own.',
      'nodes: each node has a url of its own.',
      'nodes: none has the role master.',
      'nodes: host elsewhere is not configured on this server.',
    ]);
    expect(troubles(spec({ nodes: [] }), isHost)).toEqual(['nodes: a cluster has at least one node.']);
    const many = Array.from({ length: 100 }, (_, index) => node(`n${index}`));
    expect(troubles(spec({ nodes: many }), isHost)).toEqual(['nodes: at most 99 are possible.']);
    expect(troubles(spec({ nodes: [node('a', { roles: ['master'] })] }), isHost)).toEqual(['nodes: none has the role data.']);
  });
});

it('asks a host for no more ports than are wanted, unless one of them is taken', async () => {
  const asked: number[] = [];
  const freePorts = async (count: number) => {
    asked.push(count);
    return free.slice(0, count);
  };
  const counting = { freePorts } as Partial<Host> as Host;
  const others = (ports: readonly number[]): readonly ClusterSpec[] =>
    ports.map(
      (port) =>
        ({ kind: 'elasticsearch', nodes: [node('o', { httpPort: port, transportPort: port })] }) as unknown as ClusterSpec,
    );
  const spec = {
    kind: 'elasticsearch',
    nodes: [node('a')],
    bindAddress: '127.0.0.1',
    repositoryPath: '/r',
  } as unknown as ElasticsearchSpec;
  const portsWith = async (ports: readonly number[]) => {
    const request = { spec, others: others(ports), repositoryFolder: '/r', clusterId: 'es-1', authenticationUrl: '' };
    const made = await draft(request as never, { ...io, hosts: () => counting } as never);
    return made.kind === 'drafted' && made.spec.kind === 'elasticsearch'
      ? made.spec.nodes.map((one) => [one.httpPort, one.transportPort])
      : made;
  };
  expect([await portsWith([1, 2, 3]), asked.splice(0)]).toEqual([[[9_200, 9_201]], [2]]);
  expect([await portsWith([9_200, 9_202]), asked.splice(0)]).toEqual([[[9_201, 9_203]], [2, 4]]);
});
