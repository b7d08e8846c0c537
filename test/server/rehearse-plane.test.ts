import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedFrom } from '../../src/control/export/index.ts';
import { rehearseOnce } from '../../src/control/rehearse.ts';
import { rehearse } from '../../src/control/rehearse-report.ts';
import { createRehearsalCases } from '../../src/control/rehearse-upgrade.ts';
import type { Hop, Observation, RehearsalFault, RehearsedRun, SeenKubernetes } from '../../src/domain/index.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { planOfHop, theKubernetesCatalog } from '../../src/engines/kubernetes/testing.ts';
import { validatorFor } from '../../src/faces/native/validation.ts';
import { NewRehearsalOf } from '../../src/faces/native/wire/index.ts';
import { kubernetesRehearsal, type Prepared } from '../../src/server/rehearsal/engines.ts';
import { hopOf, makePods, next, old, patched, startPlane, timeoutMs } from '../rig/simulated-plane.ts';

const beganMs = Date.parse('2026-01-01T00:00:00.000Z');
const catalog = theKubernetesCatalog();
let plane: Awaited<ReturnType<typeof startPlane>>;
let observation: Observation<SeenKubernetes>;
let seen: SeenKubernetes;

beforeAll(async () => {
  plane = await startPlane();
  makePods();
  const ready = () => plane.members.room.clock.until(() => podsOnNodes() === 4, timeoutMs);
  const podsOnNodes = () =>
    [...plane.members.room.world.objects.values()].filter(
      ({ resource, object }) => resource === '/pods' && (object.spec as { readonly nodeName?: string }).nodeName !== undefined,
    ).length;
  expect(await ready()).toBe(true);
  observation = await kubernetesEngine.observe(plane.cluster, catalog, plane.io, 'plan');
  if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
  ({ seen } = observation.cluster);
}, 240_000);
afterAll(() => plane?.close());

/** What a server hands to the process that rehearses: no keys of the cluster among it. */
async function prepared(hop: Hop): Promise<Prepared> {
  const hops = kubernetesEngine.planHops(plane.cluster, catalog, observation, [hop]);
  // As planned: tied to the very cluster that was seen.
  const plan = { ...planOfHop(plane.cluster.id, hop), hops, basis: kubernetesEngine.basisOf(observation) };
  const job = { cluster: { ...plane.cluster, secrets: {} }, seen, plan, runs: 1, faults: false, seed: 1, beganMs };
  return kubernetesRehearsal(job, catalog);
}

async function run({ parts, job }: Prepared, fault: RehearsalFault | null = null, seed = 1): Promise<RehearsedRun> {
  const { cluster, plan } = job;
  return rehearseOnce(parts, plan, { cluster, seen, seed, beganMs, fault });
}

describe('a rehearsal of a control plane', { timeout: 240_000 }, () => {
  it('is done without a fault by the moves of its plan, with two apiservers ready throughout, and repeats itself', async () => {
    const made = await prepared(hopOf(old, next));
    const end = await run(made);
    expect(end).toMatchObject({ status: 'done', reason: null, violations: [], thinnest: null });
    expect(end.waves.flat().sort()).toEqual(made.job.plan.hops.flatMap(({ waves }) => waves.flat()).sort());
    expect(end.plane).toMatchObject({ fewestReady: null, withoutApiserverMs: 0, etcdAway: 0, withoutQuorumMs: 0, nodesAway: 0 });
    expect(await run(made)).toEqual(end);
    expect((await run(made, null, 2)).tookMs).not.toBe(end.tookMs);
    // The real one was not asked and not touched.
    expect([...plane.members.room.processes.values()].map(({ version }) => version.split('.')[1])).not.toContain('37');
  });

  it('ends with a fault as the engine ends with it: back by itself, stopped with its reason, or over it', async () => {
    const made = await prepared(hopOf(old, next));
    const stuck = await run(made, { fault: 'apiserver-never-ready', member: 'apiserver-surge' });
    expect(stuck).toMatchObject({
      status: 'returned',
      reason: { code: 'k8s.member-does-not-get-ready', subject: 'apiserver-surge' },
    });
    const dead = await run(made, { fault: 'member-does-not-return', member: 'scheduler-1' });
    expect(dead).toMatchObject({ status: 'stopped', reason: { code: 'k8s.member-does-not-start', subject: 'scheduler-1' } });
    const lost = await run(made, { fault: 'another-member-lost', member: 'apiserver-1', lost: 'apiserver-2' });
    expect(lost.plane?.fewestReady).toMatchObject({ ready: 1, of: 2, away: ['apiserver-1', 'apiserver-2'] });
    const full = await run(made, { fault: 'etcd-full' });
    expect(full).toMatchObject({ status: 'stopped', reason: { code: 'k8s.etcd-has-an-alarm' } });
    for (const end of [stuck, dead, full]) expect(end.violations).toEqual([]);
  });

  it('of a node group moves the pods that were seen, and goes back where they do not leave', async () => {
    const made = await prepared(hopOf(old, patched, { nodegroup: 'blue' }));
    const end = await run(made);
    expect(end).toMatchObject({ status: 'done', violations: [] });
    expect(end.waves.flat().sort()).toEqual(['blue-1', 'blue-2']);
    expect(end.plane).toMatchObject({ nodesAway: 1, nodesOf: 2 });
    expect(await run(made, { fault: 'pods-not-evicted' })).toMatchObject({ status: 'returned' });
  });

  it('has faults for each kind of member that the plan takes, and for nodes where it is about nodes', async () => {
    const of = async (hop: Hop) => {
      const { parts, job } = await prepared(hop);
      return parts.rehearsals.faultsOf(job.cluster, seen, job.plan);
    };
    const faults = await of(hopOf(old, next));
    const members = (name: string) => faults.flatMap((one) => (one.fault === name && 'member' in one ? [one.member] : []));
    expect(members('member-does-not-return')).toEqual(['apiserver-1', 'apiserver-surge', 'controller-manager-1', 'scheduler-1']);
    expect(members('apiserver-never-ready')).toEqual(['apiserver-1', 'apiserver-surge']);
    expect(faults).toContainEqual({ fault: 'another-member-lost', member: 'apiserver-1', lost: 'apiserver-2' });
    expect((await of(hopOf(old, patched, { nodegroup: 'blue' }))).map(({ fault }) => fault)).toEqual([
      ...['member-does-not-return', 'member-does-not-return', 'member-does-not-return'],
      ...['member-returns-slowly', 'member-returns-slowly', 'member-returns-slowly'],
      ...['node-does-not-rejoin', 'pods-not-evicted', 'nobody-answers'],
    ]);
  });

  it.each([false, true])('can be made of its exported observation, without names: %s', async (anonymous) => {
    const exported = exportedFrom(plane.cluster, observation, anonymous);
    const validate = validatorFor(NewRehearsalOf, 'body');
    expect(
      validate({ observation: JSON.parse(JSON.stringify(exported)), to: { version: '1.37' } }),
      JSON.stringify(validate.errors),
    ).toBe(true);
    const text = JSON.stringify(exported);
    expect(Object.values(plane.cluster.secrets).filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))).toEqual(
      [],
    );
    expect(text.includes('blue-1')).toBe(!anonymous);
    const parts = {
      engines: { kubernetes: { engine: kubernetesEngine, catalog } },
      io: { now: () => observation.at },
      newId: () => 'plan-of-the-file',
    };
    const cases = createRehearsalCases(parts as never, async (job, rehearsing) => {
      const made = await kubernetesRehearsal(job, catalog);
      return rehearse(made.parts, made.job, rehearsing);
    });
    const caller = { keyId: 'LTAItests', account: '1', policy: null };
    const wish = { to: patched, runs: 1, faults: false, seed: 1 };
    const made = await cases.prepareRehearsalOf(caller, exported, wish);
    if (made.kind !== 'prepared') throw new Error(JSON.stringify(made));
    expect(made.plan).toMatchObject({ from: old, to: patched });
    const ran = await made.run({ signal: new AbortController().signal, onRun: () => undefined });
    if (ran.kind !== 'rehearsed') throw new Error(JSON.stringify(ran));
    const { report } = ran;
    expect(report).toMatchObject({
      runs: 1,
      done: 1,
      violations: [],
      findings: [],
      thinnest: null,
      plane: { fewestReady: null },
    });
    expect(report.waves.flat()).toContain('apiserver-1');
  });
});
