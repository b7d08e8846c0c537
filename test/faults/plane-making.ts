import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import {
  emptyLedger,
  type KubernetesCatalog,
  type KubernetesCluster,
  type KubernetesSpec,
  type MakerIo,
  type Release,
} from '../../src/domain/index.ts';
import { parseKubernetesCatalog } from '../../src/engines/kubernetes/catalog.ts';
import { draft, requestedSpec } from '../../src/engines/kubernetes/draft/index.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { addNodegroup } from '../../src/engines/kubernetes/nodegroups.ts';
import { clusterOf } from '../../src/engines/kubernetes/testing.ts';
import { upkeep } from '../../src/engines/kubernetes/upkeep.ts';

const upTimeoutMs = 3 * 60_000;

export interface WantedPlane {
  /** Absent: the one that real clusters are made from. */
  readonly catalog?: KubernetesCatalog;
  /** Of one group, `blue`. */
  readonly nodes?: number;
  /** Of that group; absent: that of the control plane. */
  readonly nodesAt?: Release;
  readonly maxUnavailable?: number;
  readonly drainTimeoutMs?: number;
}

/** Drafted and started as a server makes one, with three members of etcd and two apiservers. */
export async function makePlane(
  io: MakerIo,
  catalog: KubernetesCatalog,
  release: Release,
  wanted: WantedPlane,
): Promise<KubernetesCluster> {
  const { nodes = 0, nodesAt = release, maxUnavailable = 1, drainTimeoutMs } = wanted;
  const requested = requestedSpec({ release, etcd: 3, ...(drainTimeoutMs === undefined ? {} : { drainTimeoutMs }) });
  const asked = { ...requested, soakMs: 500 };
  const limits = { minSize: 1, maxSize: 9, maxUnavailable, labels: {}, taints: [], tags: {}, face: {} };
  const group = { name: 'blue', release: nodesAt, desiredSize: nodes, ...limits };
  const spec = nodes === 0 ? asked : addNodegroup(asked, group, io.now());
  const request = { clusterId: 'k8s-1', spec, others: [], repositoryFolder: '/snapshots', authenticationUrl: '' };
  const drafted = await draft(request, io);
  if (drafted.kind === 'refused') throw new Error(drafted.because.join(' '));
  const made = clusterOf(drafted.spec as KubernetesSpec, drafted.secrets);
  await comeUp({ ...made, provisioning: { state: 'creating' } }, catalog, io);
  return { ...made, provisioning: { state: 'ready' } };
}

async function comeUp(cluster: KubernetesCluster, catalog: KubernetesCatalog, io: MakerIo): Promise<void> {
  let missing: readonly unknown[] = [];
  for (const deadline = Date.now() + upTimeoutMs; Date.now() < deadline; await sleep(10)) {
    const seen = await kubernetesEngine.observe(cluster, catalog, io, 'turn');
    const acts = upkeep(cluster, catalog, seen);
    const context = { cluster, catalog, plan: null, ledger: emptyLedger, ticket: { clusterId: cluster.id, generation: 1 } };
    const signal = AbortSignal.timeout(upTimeoutMs);
    for (const act of acts) await kubernetesEngine.perform(act, { ...context, signal } as never, io);
    missing = seen.members.filter(({ name, joined }) => !name.endsWith('-surge') && joined === null);
    if (missing.length === 0 && acts.length === 0) return;
  }
  throw new Error(`the control plane did not come up: ${JSON.stringify(missing)}`);
}

/** What a server that simulates offers: every minor that was ever published. */
export function simulatedCatalog(): KubernetesCatalog {
  const file = new URL('../../catalog/simulated-kubernetes.yaml', import.meta.url);
  const parsed = parseKubernetesCatalog(parse(readFileSync(file, 'utf8')));
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  return parsed.catalog;
}
