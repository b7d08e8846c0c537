/** A real control plane for tests: made as the server makes one, with the process host, and kept up by `upkeep`. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { componentsFolder } from '../../scripts/components.js';
import {
  type ActResult,
  emptyLedger,
  type Host,
  type KubernetesCluster,
  type KubernetesSpec,
  kubernetesMembers,
  type MakerIo,
  type MemberIdentity,
  type Observation,
  type SeenKubernetes,
} from '../../src/domain/index.ts';
import { call } from '../../src/engines/kubernetes/call/index.ts';
import { draft } from '../../src/engines/kubernetes/draft/index.ts';
import { type Act, isAct, moves } from '../../src/engines/kubernetes/moves/index.ts';
import { observe } from '../../src/engines/kubernetes/observe/index.ts';
import { clusterOf, theKubernetesCatalog } from '../../src/engines/kubernetes/testing.ts';
import { upkeep } from '../../src/engines/kubernetes/upkeep.ts';
import { createProcessHost } from '../../src/hosts/process/index.ts';
import { engineIo } from '../../src/server/outside.ts';

const lookEveryMs = 500;

export interface RealControlPlane {
  cluster: KubernetesCluster;
  readonly host: Host;
  readonly io: MakerIo;
  readonly kubeconfig: string;
  observe(): Promise<Observation<SeenKubernetes>>;
  /** Performs an act on the member as it is seen now. */
  act(move: string, member: string | null, parameters?: Act['parameters']): Promise<ActResult>;
  /** The same on one that was seen before. */
  actOn(move: string, on: Pick<MemberIdentity, 'name' | 'process'>, parameters: Act['parameters']): Promise<ActResult>;
  /** Performs what upkeep asks for, again and again, until the look satisfies. Says what was started. */
  keepUntil(timeoutMs: number, enough: (observation: Observation<SeenKubernetes>) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function startControlPlane(
  requested: KubernetesSpec,
  change: (spec: KubernetesSpec) => KubernetesSpec,
  /** A host that stands in for this machine. */
  standIn?: Host,
): Promise<RealControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-k8s-'));
  // Members run unprivileged where we are root, and must get through to it.
  chmodSync(folder, 0o755);
  const process = { stateDir: join(folder, 'state'), cacheDir: dirname(componentsFolder()), javaHomes: [], nowMs: Date.now };
  const host = standIn ?? createProcessHost(process);
  const io = engineIo({ local: host });
  const request = {
    clusterId: 'k8s-real',
    spec: requested,
    others: [],
    repositoryFolder: join(folder, 'snapshots'),
    authenticationUrl: '',
  };
  const drafted = await draft(request, io);
  if (drafted.kind === 'refused') throw new Error(drafted.because.join(' '));
  const catalog = theKubernetesCatalog();
  const kubeconfig = join(folder, 'kubeconfig');
  const plane: RealControlPlane = {
    cluster: { ...clusterOf(change(drafted.spec as KubernetesSpec), drafted.secrets), provisioning: { state: 'creating' } },
    host,
    io,
    kubeconfig,
    observe: () => observe(plane.cluster, catalog, io, 'turn'),
    act: async (move, member, parameters = {}) =>
      perform({ do: 'act', move, on: member === null ? [] : [await identityOf(plane, member)], parameters, why: 'a test' }),
    actOn: (move, on, parameters) =>
      perform({ do: 'act', move, on: [{ nodeId: null, ephemeralId: null, ...on }], parameters, why: 'a test' }),
    keepUntil: async (timeoutMs, enough) => {
      const started: string[] = [];
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const observation = await plane.observe();
        const acts = upkeep(plane.cluster, catalog, observation);
        const results = await Promise.all(acts.map(perform));
        for (const result of results) if (result.kind !== 'done') throw new Error(JSON.stringify(result));
        started.push(...acts.map(({ on }) => on[0]?.name ?? ''));
        if (acts.length === 0 && enough(observation)) return started;
        if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${JSON.stringify(observation.members)}`);
        await pause(lookEveryMs);
      }
    },
    close: async () => {
      // An apiserver whose etcd is gone takes long to end.
      const members = kubernetesMembers(plane.cluster.spec);
      const erase = (some: typeof members) => Promise.all(some.map(({ name }) => host.erase(ticket(), name)));
      await erase(members.filter(({ component }) => component !== 'etcd'));
      await erase(members.filter(({ component }) => component === 'etcd'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const ticket = () => ({ clusterId: plane.cluster.id, generation: 1 });
  const perform = (act: Act): Promise<ActResult> => {
    if (!isAct(act.move)) throw new Error(`there is no move ${act.move}`);
    const signal = new AbortController().signal;
    return moves[act.move](
      act,
      { cluster: plane.cluster, catalog, plan: null, ledger: emptyLedger, ticket: ticket(), signal },
      io,
    );
  };
  const config = await call(plane.cluster, { do: 'kubeconfig' });
  if (config.kind === 'done') writeFileSync(kubeconfig, String(config.value), { mode: 0o600 });
  return plane;
}

async function identityOf(plane: RealControlPlane, name: string): Promise<MemberIdentity> {
  const observation = await plane.observe();
  const member = observation.members.find((one) => one.name === name);
  const joined = member?.joined ?? null;
  const process = member?.process.state === 'running' ? member.process.identity : null;
  return { name, nodeId: joined?.nodeId ?? null, ephemeralId: joined?.ephemeralId ?? null, process };
}
