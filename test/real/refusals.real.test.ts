import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, observe } from '../../src/engines/elasticsearch/index.ts';
import { lift, planTo, type RealCluster, runTrials, startRealCluster, theCatalog } from '../rig/real-cluster.ts';

let real: RealCluster;
beforeAll(async () => {
  real = await startRealCluster('6.7.0', { build: 'ali1.0.2' });
});
afterAll(async () => real?.close());

/** The same cluster after its owner has put a setting into every node's file that no version knows. */
function withBadSetting(): RealCluster {
  return { ...real, cluster: { ...real.cluster, spec: { ...real.cluster.spec, settings: { 'foo.bar': '1' } } } };
}

describe('a real cluster at 6.7.0', () => {
  it('rolls to another build, and its nodes show the option and the setting of it', async () => {
    const before = await observe(real.cluster, theCatalog, real.io);
    expect(before.members.map((member) => member.running?.build)).toEqual(['ali1.0.2', 'ali1.0.2', 'ali1.0.2']);
    const plan = await planTo(real, { version: '6.7.0', build: 'ali1.2.0' });
    const end = await lift(real, plan, await runTrials(real, plan));
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    const after = await observe(real.cluster, theCatalog, real.io);
    if (after.cluster.kind !== 'seen') throw new Error('the cluster answers');
    for (const node of after.cluster.seen.nodes) {
      expect(node.jvmInputArguments).toContain('-Dclusterlift.kernel=ali1.2.0');
      expect(node.settings['indices.memory.index_buffer_size']).toBe('15%');
      expect(node.build).toBe('ali1.2.0');
    }
  });

  it('has a trial start refused in the words of the new release, before anything is touched', async () => {
    const bad = withBadSetting();
    const [httpPort = 0, transportPort = 0] = await real.host.freePorts(2);
    const purpose = { kind: 'trial', httpPort, transportPort, enforceBootstrapChecks: false, archive: '' } as const;
    const plan = await planTo(real, { version: '6.8.23', build: null });
    await runTrials(real, plan);
    const limits = { timeoutMs: 120_000, minFreeMemoryBytes: 256e6 };
    const ended = await real.host.trial(
      launch(bad.cluster, theCatalog, 'n1', plan.to, purpose),
      limits,
      AbortSignal.timeout(180_000),
    );
    expect(ended.kind).toBe('refused');
    expect(ended.kind === 'refused' && ended.lastLines.join(' ')).toContain('unknown setting [foo.bar]');
  });

  it('stops for a person when a node does not come back, the rest serving, and finishes when that is mended', async () => {
    const plan = await planTo(real, { version: '6.8.23', build: null });
    const trials = await runTrials(real, plan);
    const stopped = await lift(withBadSetting(), plan, trials, { generation: 3 });
    const { move } = stopped.last;
    if (move.do !== 'stop') throw new Error(`stopped, not ${move.do}`);
    expect(move.because.code).toBe('es.member-does-not-start');
    expect(move.because.evidence?.join(' ')).toContain('unknown setting [foo.bar]');
    const meanwhile = await observe(real.cluster, theCatalog, real.io);
    if (meanwhile.cluster.kind !== 'seen') throw new Error('the rest serves');
    const away = meanwhile.members.filter((member) => member.joined === null).map((member) => member.name);
    expect(away).toEqual([move.because.subject]);
    expect(meanwhile.cluster.seen.persistentSettings).toEqual({});

    const finished = await lift(real, plan, trials, { ledger: stopped.last.ledger, generation: 4 });
    expect(finished.last.move).toMatchObject({ do: 'done', as: 'done' });
    const after = await observe(real.cluster, theCatalog, real.io);
    expect(after.members.map((member) => member.running?.version)).toEqual(['6.8.23', '6.8.23', '6.8.23']);
  });

  it('refuses an act of an older generation: a server that was frozen and woke up can do nothing', async () => {
    const described = await real.host.describe(real.cluster.id, 'n1');
    if (described.state !== 'running') throw new Error('n1 runs');
    const refused = await real.host.stop({ clusterId: real.cluster.id, generation: 2 }, 'n1', described.identity, 1_000);
    expect(refused).toMatchObject({ kind: 'refused', because: 'older-generation' });
    expect(await real.host.describe(real.cluster.id, 'n1')).toEqual(described);
  });
});
