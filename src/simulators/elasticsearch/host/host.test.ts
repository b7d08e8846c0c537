import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ElasticsearchCluster, Host, LaunchPurpose } from '../../../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../../engines/elasticsearch/index.ts';
import { createSimulatedHost, type Simulator } from '../index.ts';
import { adoptAll, aSimulator, catalogFile, declared, http, ioOf } from '../testing.ts';

const to = { version: '5.6.16', build: null };
let simulator: Simulator;
let host: Host;
let cluster: ElasticsearchCluster;
let signal: AbortSignal;

beforeEach(async () => {
  simulator = await aSimulator();
  const spec = await simulator.addCluster({
    name: 'host',
    version: '5.5.3',
    nodes: ['n1', 'n2', 'n3'].map((name) => ({ name })),
  });
  cluster = declared(spec);
  await adoptAll(cluster, simulator, ioOf(simulator));
  host = createSimulatedHost({ url: simulator.url, http });
  signal = new AbortController().signal;
});
afterEach(() => simulator.close());

const ticket = (generation: number) => ({ clusterId: cluster.id, generation });

function launchOf(purpose: LaunchPurpose = { kind: 'join' }, settings: Readonly<Record<string, string>> = {}, release = to) {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  const asked = { ...cluster, spec: { ...cluster.spec, settings } };
  return elasticsearchEngine.launch(asked, parsed.catalog, 'n1', release, purpose);
}

async function identityOf(member: string) {
  const described = await host.describe(cluster.id, member);
  if (described.state !== 'running') throw new Error(`${member} is ${described.state}`);
  return described.identity;
}

describe('the simulated host', () => {
  it('stops and starts a member at another release, which joins with its own data, and lists the launch', async () => {
    const before = simulator.node('n1');
    expect(await host.prefetch(ticket(1), to, [], signal)).toMatchObject({ kind: 'done' });
    expect(await host.stop(ticket(1), 'n1', await identityOf('n1'), 5_000)).toMatchObject({ kind: 'done' });
    expect(await host.describe(cluster.id, 'n1')).toMatchObject({ state: 'stopped', exitCode: 143 });
    expect(await host.launches(cluster.id, 'n1')).toEqual([]);
    expect(await host.start(ticket(1), launchOf())).toMatchObject({ kind: 'done' });
    expect(await host.start(ticket(1), launchOf())).toMatchObject({ kind: 'refused', because: 'already-running' });
    const joined = () => simulator.node('n1').phase.at === 'joined' && simulator.node('n1').release.version === '5.6.16';
    expect(await simulator.until(joined, 10_000)).toBe(true);
    expect(simulator.node('n1').nodeId).toBe(before.nodeId);
    expect(simulator.node('n1').ephemeralId).not.toBe(before.ephemeralId);
    expect(simulator.node('n1').settings['path.data']).toBe(cluster.spec.nodes[0]?.folders?.data);
    expect(await host.launches(cluster.id, 'n1')).toMatchObject([{ release: to }]);
  });

  it('refuses a generation older than the newest it has seen, and touches nothing', async () => {
    await host.prefetch(ticket(5), to, [], signal);
    const identity = await identityOf('n1');
    expect(await host.stop(ticket(4), 'n1', identity, 5_000)).toMatchObject({ kind: 'refused', because: 'older-generation' });
    expect(await host.describe(cluster.id, 'n1')).toMatchObject({ state: 'running', identity });
    expect(await host.generationOf(cluster.id)).toBe(5);
    expect(await host.generationOf('es-cn-another')).toBe(0);
    expect(simulator.journal.refusedTickets).toEqual([{ clusterId: cluster.id, generation: 4, newest: 5 }]);
  });

  it('refuses to stop a process that is another one by now', async () => {
    const identity = await identityOf('n1');
    const other = { ...identity, startTime: 'earlier' };
    expect(await host.stop(ticket(1), 'n1', other, 5_000)).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect(await host.describe(cluster.id, 'n1')).toMatchObject({ state: 'running', identity });
  });

  it('starts nothing that has not been fetched', async () => {
    await host.stop(ticket(1), 'n1', await identityOf('n1'), 5_000);
    expect(await host.start(ticket(1), launchOf())).toMatchObject({
      kind: 'failed',
      says: 'n1: 5.6.16 has not been fetched to this host.',
    });
    expect((await host.facts(cluster.id)).prefetched).toEqual([]);
    await host.prefetch(ticket(1), to, [], signal);
    expect((await host.facts(cluster.id)).prefetched).toEqual(['5.6.16']);
  });

  it('tries a release with a member’s settings, and tells what it refuses in its own words', async () => {
    const ports = await host.freePorts(2);
    const purpose = { kind: 'trial', ports, enforceBootstrapChecks: false, archive: '' } as const;
    const limits = { timeoutMs: 10_000, minFreeMemoryBytes: 1 };
    const six = { version: '6.3.2', build: null };
    expect(await host.trial(launchOf(purpose), limits, signal)).toMatchObject({ kind: 'could-not-run' });
    await host.prefetch(ticket(1), to, [], signal);
    await host.prefetch(ticket(1), six, [], signal);
    const owners = { 'indices.store.throttle.type': 'none' };
    expect(await host.trial(launchOf(purpose, owners), limits, signal)).toMatchObject({ kind: 'passed' });
    expect(await host.trial(launchOf(purpose, owners, six), limits, signal)).toMatchObject({
      kind: 'refused',
      exitCode: 1,
      lastLines: [expect.stringContaining('unknown setting [indices.store.throttle.type]')],
    });
    expect(simulator.journal.launches).toEqual([]);
    expect(simulator.world.clusters.has('host-trial')).toBe(false);
  });

  it('runs a member with the settings file of its owner, and tries a copy of it', async () => {
    const ports = await host.freePorts(2);
    const nodes = cluster.spec.nodes.map((node) => ({ ...node, settingsFileOwner: 'owner' as const }));
    cluster = { ...cluster, spec: { ...cluster.spec, nodes } };
    await host.prefetch(ticket(1), to, [], signal);
    const before = simulator.node('n1').settings;
    const purpose = { kind: 'trial', ports, enforceBootstrapChecks: false, archive: '' } as const;
    const limits = { timeoutMs: 10_000, minFreeMemoryBytes: 1 };
    expect(await host.trial(launchOf(purpose), limits, signal)).toMatchObject({ kind: 'passed' });
    await host.stop(ticket(1), 'n1', await identityOf('n1'), 5_000);
    expect(await host.start(ticket(1), launchOf())).toMatchObject({ kind: 'done' });
    expect(simulator.node('n1').settings).toEqual(before);
    expect(await simulator.until(() => simulator.node('n1').phase.at === 'joined', 10_000)).toBe(true);
    simulator.world.settingsFiles.set(cluster.spec.nodes[0]?.folders?.conf ?? '', { ...before, 'no.such.setting': '1' });
    expect(await host.trial(launchOf(purpose), limits, signal)).toMatchObject({
      kind: 'refused',
      lastLines: [expect.stringContaining('unknown setting [no.such.setting]')],
    });
  });

  it('runs hooks, adopts only what lives, and erases a member with its data', async () => {
    expect(await host.run(ticket(1), 'n1', ['leave-balancer', 'now'], 1_000)).toMatchObject({ kind: 'done' });
    simulator.breakHooks('n1', 1);
    expect(await host.run(ticket(1), 'n1', ['enter-balancer'], 1_000)).toMatchObject({
      kind: 'failed',
      says: 'enter-balancer failed for n1.',
    });
    expect(await host.run(ticket(1), 'n1', ['enter-balancer'], 1_000)).toMatchObject({ kind: 'done' });
    expect(simulator.journal.hooks.map(({ member, command, failed }) => [member, command[0], failed])).toEqual([
      ['n1', 'leave-balancer', false],
      ['n1', 'enter-balancer', true],
      ['n1', 'enter-balancer', false],
    ]);
    expect(await host.adopt(ticket(1), 'n9', 4_711, to)).toMatchObject({ kind: 'failed', says: 'n9: there is no process 4711.' });
    const { folder } = simulator.node('n1');
    expect(await host.erase(ticket(1), 'n1')).toMatchObject({ kind: 'done' });
    expect(await host.describe(cluster.id, 'n1')).toEqual({ state: 'absent' });
    expect(simulator.world.folders.has(folder)).toBe(false);
  });

  it('leaves nothing of a cluster in the world once its last member is erased', async () => {
    const { clusterName } = cluster.spec;
    const there = () => [...simulator.world.processes.values()].map(({ name }) => name).sort();
    // A member that was started twice has left two processes.
    await host.prefetch(ticket(1), to, [], signal);
    await host.stop(ticket(1), 'n1', await identityOf('n1'), 10_000);
    expect(await host.start(ticket(1), launchOf())).toMatchObject({ kind: 'done' });
    expect(there()).toEqual(['n1', 'n1', 'n2', 'n3']);
    await host.erase(ticket(1), 'n1');
    expect(there()).toEqual(['n2', 'n3']);
    await host.erase(ticket(1), 'n2');
    expect([...simulator.world.clusters.keys()]).toEqual([clusterName]);
    await host.erase(ticket(1), 'n3');
    expect([there(), [...simulator.world.clusters.keys()]]).toEqual([[], []]);
  });

  it('gives a block of loopback addresses that was not given out', async () => {
    const first = await host.freeLoopbackBlock([6443], []);
    const second = await host.freeLoopbackBlock([6443], [first]);
    // Which they are depends on who else listens on this machine.
    expect([first, second]).toEqual([expect.stringMatching(/^127\.\d+\.\d+$/), expect.stringMatching(/^127\.\d+\.\d+$/)]);
    expect(second).not.toBe(first);
    expect(await host.freeLoopbackBlock([6443], [second])).not.toBe(second);
  });

  it('turns away what is not the contract', async () => {
    const post = (path: string, body: string) => http({ method: 'POST', url: `${simulator.url}${path}`, body, timeoutMs: 5_000 });
    expect((await post('/host/explode', '{}')).status).toBe(404);
    expect(await post('/host/describe', '{"clusterId": 1}')).toMatchObject({
      status: 400,
      body: expect.stringContaining('member'),
    });
    expect((await post('/host/describe', 'no json')).status).toBe(400);
  });
});
