/** A drafted cluster with everybody running, and acts of the engine performed on it: once, again, and cut off anywhere. */
import { expect } from 'vitest';
import { type ActResult, emptyLedger, kubernetesMembers, type MemberIdentity } from '../../../domain/index.ts';
import { etcdReleaseOf } from '../catalog.ts';
import type { ActName, Acts } from '../decide/acts.ts';
import { requestedSpec } from '../draft/index.ts';
import { addNodegroup } from '../nodegroups.ts';
import { atTest, clusterOf, drafted, theKubernetesCatalog } from '../testing.ts';
import { moves } from './index.ts';
import type { Context } from './move.ts';
import { identityOf, Outside } from './testing-outside.ts';

export const old = { version: '1.36', build: 'eks.1' };
export const young = { version: '1.37', build: 'eks.2' };
export const catalog = theKubernetesCatalog();

const group = {
  name: 'blue',
  release: old,
  minSize: 1,
  maxSize: 3,
  maxUnavailable: 1,
  labels: {},
  taints: [],
  tags: {},
  face: {},
};
const made = await drafted(requestedSpec({ release: old, etcd: 3 }));
export const cluster = clusterOf(addNodegroup(made.spec, { ...group, desiredSize: 2 }, atTest), made.secrets);
export const etcdRelease = etcdReleaseOf(catalog, old);

/** Everybody but the surge places runs; each node is registered. */
export function everybodyRuns(): Outside {
  const outside = new Outside();
  for (const { name, component, surge } of kubernetesMembers(cluster.spec)) {
    if (surge) continue;
    outside.run(name, component === 'etcd' ? etcdRelease : old);
    if (component === 'node') outside.api.nodes.set(name, { uid: `uid of ${name}`, unschedulable: false, cordonedBy: null });
  }
  return outside;
}

/** A member as it is now, for a move to be decided for. */
export function asItIs(outside: Outside, name: string): MemberIdentity {
  const process = outside.processes.get(name);
  const node = outside.api.nodes.get(name);
  return {
    name,
    nodeId: node?.uid ?? null,
    ephemeralId: null,
    process: process?.state === 'running' ? identityOf(process.pid) : null,
  };
}

export interface Asked<N extends ActName = ActName> {
  readonly act: N;
  readonly on: readonly MemberIdentity[];
  readonly parameters: Acts[N];
}

export function asked<N extends ActName>(act: N, on: readonly MemberIdentity[], parameters: Acts[N]): Asked<N> {
  return { act, on, parameters };
}

export async function perform(
  outside: Outside,
  { act, on, parameters }: Asked,
  change: Partial<Context> = {},
): Promise<ActResult> {
  const context: Context = {
    cluster,
    catalog,
    plan: null,
    ledger: emptyLedger,
    ticket: { clusterId: cluster.id, generation: 1 },
    signal: new AbortController().signal,
    ...change,
  };
  const move = { do: 'act', move: act, on, parameters: { ...parameters } as Record<string, string | null>, why: '' } as const;
  const result = await moves[act](move, context, outside.io());
  // Whatever comes of it, nobody reads a secret in it.
  const told = JSON.stringify(result);
  for (const [name, secret] of Object.entries(context.cluster.secrets)) {
    expect(told, name).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
  expect(told).not.toContain('key of ');
  return result;
}

/** Kills whoever performs it at every call in turn, has it performed again, and expects what comes of it uncut. */
export async function cutAnywhere(arrange: () => Outside, ask: (outside: Outside) => Asked, change: Partial<Context> = {}) {
  const whole = arrange();
  await perform(whole, ask(whole), change);
  expect(whole.calls).toBeGreaterThan(0);
  for (let atCall = 1; atCall <= whole.calls; atCall += 1) {
    for (const effect of ['before', 'after'] as const) {
      const outside = arrange();
      const act = ask(outside);
      outside.death = { atCall, effect };
      await perform(outside, act, change).catch((error: unknown) => expect(String(error)).toContain('killed'));
      outside.death = null;
      await perform(outside, act, change);
      expect(outside.state(), `cut off ${effect} call ${atCall}`).toEqual(whole.state());
    }
  }
}
