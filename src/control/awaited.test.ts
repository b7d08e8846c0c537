import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kubernetesSpec } from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import type { RegisterRequest, Registration } from './control.ts';
import { createControl } from './create-control.ts';
import { caller, catalog, type Given, given, newCluster, newRelease, stranger } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});

const code = 'a code that nobody guesses';
const until = '2026-11-24T12:00:00.000Z';

const registration: Registration = {
  name: 'barn',
  region: 'eu-central-1',
  tags: { owner: 'me' },
  face: { connectorConfig: { provider: 'OTHER' } },
  activationCode: code,
  awaitedUntil: until,
};

/** The fake engine stands for that of Kubernetes; it is asked about no member. */
function world() {
  const g = given(test.store);
  const { engine } = g.engine;
  const { observe } = g.engine;
  g.engine.release = newRelease;
  const kubernetes: typeof engine = {
    ...engine,
    name: 'kubernetes',
    members: () => [],
    observe: async () => {
      g.engine.asked.push('observe');
      return observe([]);
    },
  };
  const parts: Given['parts'] = {
    ...g.parts,
    engines: { ...g.parts.engines, kubernetes: { engine: kubernetes, catalog: { ...catalog, engine: 'kubernetes' } as never } },
  };
  const running = createControl(parts, new AbortController().signal);
  return { ...g, running, control: running.control };
}
type World = ReturnType<typeof world>;

async function opened({ control }: Pick<World, 'control'>, change: Partial<Registration> = {}) {
  const result = await control.openRegistration(caller, { ...registration, ...change });
  if (result.kind !== 'opened') throw new Error(result.kind);
  return result.cluster;
}

/** What the owner says of it. */
async function description({ control }: Pick<World, 'control'>, change: Partial<RegisterRequest> = {}): Promise<RegisterRequest> {
  const { spec } = await opened({ control }, { name: `draft ${Math.random()}`, activationCode: '' });
  const own = { ...kubernetesSpec({ spec }), endpoint: 'https://10.0.0.1:6443', release: newRelease };
  return newCluster({ name: 'barn', description: 'of mine', region: 'there', spec: own, secrets: { ca: 'ca' }, ...change });
}

describe('a cluster that is awaited', () => {
  it('has its name and its code kept, and takes no name of another', async () => {
    const w = world();
    const cluster = await opened(w);
    expect(cluster).toMatchObject({
      engine: 'kubernetes',
      origin: 'registered',
      name: 'barn',
      region: 'eu-central-1',
      tags: { owner: 'me' },
      secrets: { 'activation-code': code },
      provisioning: { state: 'awaited', until },
    });
    expect(cluster.id).toMatch(/^k8s-.{16}$/);
    expect(kubernetesSpec(cluster)).toMatchObject({ face: registration.face, members: [], nodegroups: [] });
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
    expect(await w.control.openRegistration(caller, registration)).toEqual({ kind: 'name-taken' });
    expect((await w.control.clusterView(caller, cluster.id))?.status).toBe('awaited');
    const elsewhere = await opened(w, { region: 'us-east-1' });
    const named = (region: string) => w.control.clusterByName(caller, 'kubernetes', region, 'barn');
    expect([await named('eu-central-1'), await named('us-east-1'), await named('')]).toEqual([cluster, elsewhere, undefined]);
  });

  it('is neither looked at nor planned for nor lifted nor changed, in a sentence', async () => {
    const w = world();
    const { id } = await opened(w);
    const says = `The cluster is awaited until ${until}: its owner has not brought it under care yet.`;
    expect(await w.control.planUpgrade(caller, id, newRelease)).toEqual({ kind: 'not-ready', says });
    const policy = { maxHops: 9, policyFindings: 'record' } as const;
    const start = { clusterId: id, what: { to: newRelease }, acknowledge: [], policy, token: null, answer: () => null };
    expect(await w.control.startUpgrade(caller, start)).toEqual({ kind: 'not-ready', says });
    expect(await w.control.observeCluster(caller, id)).toMatchObject({
      members: [],
      cluster: { kind: 'unreachable', because: says },
    });
    expect(await w.control.engineCall(caller, id, { do: 'kubeconfig' })).toEqual({ kind: 'refused', because: says });
    expect(await w.control.removeNodegroup(caller, id, 'blue')).toEqual({ kind: 'refused', because: [says] });
    expect(await w.control.nodegroupViews(caller, id)).toEqual([]);
    expect(await w.control.trials(caller, id)).toEqual([]);
    await w.running.resume();
    await w.running.idle();
    expect([w.engine.asked, w.host.asked, w.triedOut.filter((what) => !what.startsWith(id))]).toEqual([[], [], []]);
  });

  it('comes under care with its code, and keeps its id, name, region, tags and face', async () => {
    const w = world();
    const awaited = await opened(w);
    const request = await description(w, { tags: { other: 'tag' }, activationCode: code });
    const result = await w.control.registerCluster(caller, request);
    if (result.kind !== 'registered') throw new Error(JSON.stringify(result));
    expect(result.remarks).toEqual([]);
    expect(result.cluster).toEqual({
      ...awaited,
      description: 'of mine',
      spec: { ...request.spec, face: registration.face },
      secrets: { ca: 'ca' },
      provisioning: { state: 'ready' },
      updatedAt: w.clock.now(),
    });
    expect(await test.store.getCluster(awaited.id)).toEqual(result.cluster);
    expect((await w.control.clusterView(caller, awaited.id))?.status).toBe('active');
    expect(w.triedOut).toContain(`${awaited.id} 6.8.23 ahead`);
    const because = ['The cluster was registered: its node groups are its owner’s.'];
    expect(await w.control.removeNodegroup(caller, awaited.id, 'blue')).toEqual({ kind: 'refused', because });
    // The code is good once.
    expect(await w.control.registerCluster(caller, request)).toMatchObject({ kind: 'refused' });
  });

  const wrong: readonly [string, (w: World) => RegisterRequest | Promise<RegisterRequest>, typeof caller][] = [
    ['a wrong code', (w) => description(w, { activationCode: `${code}x` }), caller],
    ['an empty code', (w) => description(w, { activationCode: '' }), caller],
    ['the code of another account', (w) => description(w, { activationCode: code }), stranger],
    [
      'a code whose time is over',
      (w) => {
        w.clock.advance(Date.parse(until) - Date.parse(w.clock.now()));
        return description(w, { activationCode: code });
      },
      caller,
    ],
  ];
  it.each(wrong)('does not come with %s', async (_what, request, who) => {
    const w = world();
    const awaited = await opened(w);
    const because = ['No cluster is awaited with this activation code: it is wrong, was used already, or its time is over.'];
    expect(await w.control.registerCluster(who, await request(w))).toEqual({ kind: 'refused', because });
    expect(await test.store.getCluster(awaited.id)).toEqual(awaited);
    expect(w.engine.asked).toEqual([]);
  });

  it('is none of Elasticsearch', async () => {
    const w = world();
    const awaited = await opened(w);
    const refused = await w.control.registerCluster(caller, { ...newCluster(), activationCode: code });
    expect(refused).toEqual({ kind: 'refused', because: ['An activation code is for a cluster of Kubernetes.'] });
    expect(await test.store.getCluster(awaited.id)).toEqual(awaited);
  });

  it('has the name that it was registered with, which is what policies are asked about', async () => {
    const w = world();
    const awaited = await opened(w);
    const request = await description(w, { name: 'byre', activationCode: code });
    const because = ['name: the cluster was registered as barn; give that name.'];
    expect(await w.control.registerCluster(caller, request)).toEqual({ kind: 'refused', because });
    expect(await test.store.getCluster(awaited.id)).toEqual(awaited);
  });

  it('stays awaited when what answers is not as declared, and may be tried again', async () => {
    const w = world();
    const awaited = await opened(w);
    w.engine.release = { version: '2.4.6', build: null };
    const request = await description(w, { activationCode: code });
    expect(await w.control.registerCluster(caller, request)).toMatchObject({ kind: 'refused' });
    expect(await test.store.getCluster(awaited.id)).toEqual(awaited);
    w.engine.release = newRelease;
    expect(await w.control.registerCluster(caller, request)).toMatchObject({ kind: 'registered', cluster: { id: awaited.id } });
  });

  it('is forgotten when its time is over, and not before', async () => {
    const w = world();
    const { id } = await opened(w);
    w.clock.advance(Date.parse(until) - Date.parse(w.clock.now()) - 1);
    await w.running.resume();
    expect(await test.store.getCluster(id)).toBeDefined();
    w.clock.advance(1);
    await w.running.resume();
    expect(await test.store.getCluster(id)).toBeUndefined();
    await opened(w);
  });
});
