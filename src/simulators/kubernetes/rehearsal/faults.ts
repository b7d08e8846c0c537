/** What each fault of a rehearsal does to a simulated control plane, and when. */
import { type Cluster, kubernetesSpec, type Plan, type RehearsalFault, type SeenKubernetes } from '../../../domain/index.ts';
import type { Members } from '../members.ts';
import { isApiserverReady } from '../processes/apiserver.ts';
import { end, isAlive, momentOf, type Process } from '../processes/room.ts';

const slowdown = 10;
const refusesAfterMs = 300;
const flapsAfterMs = 500;
const lostAfterMs = 500;
const silenceMs = 60_000;
const killedExitCode = 137;
/** So many nodes stand for the others of their group. */
const nodesMax = 2;

/** The first of each kind that the plan takes stands for the others: they are alike. */
export function faultsOf(cluster: Cluster, seen: SeenKubernetes, plan: Plan): readonly RehearsalFault[] {
  const spec = kubernetesSpec(cluster);
  const groupName = plan.hops.find(({ hop }) => hop.nodegroup !== undefined)?.hop.nodegroup;
  const silence = { fault: 'nobody-answers' } as const;
  if (groupName !== undefined) {
    const { nodes = [] } = spec.nodegroups.find(({ name }) => name === groupName) ?? {};
    const some = [...nodes.filter(({ surge }) => !surge).slice(0, nodesMax), ...nodes.filter(({ surge }) => surge)];
    return [
      ...some.map(({ name: member }) => ({ fault: 'member-does-not-return', member }) as const),
      ...some.map(({ name: member }) => ({ fault: 'member-returns-slowly', member }) as const),
      { fault: 'node-does-not-rejoin' },
      { fault: 'pods-not-evicted' },
      silence,
    ];
  }
  const taken = new Set(plan.hops.flatMap(({ waves }) => waves.flat()));
  const placesOf = (component: string, surge = false) =>
    spec.members.filter((one) => one.component === component && one.surge === surge).map(({ name }) => name);
  const firstOf = (component: string) =>
    placesOf(component)
      .filter((name) => taken.has(name))
      .slice(0, 1);
  const apiservers = [...firstOf('kube-apiserver'), ...placesOf('kube-apiserver', true).slice(0, 1)];
  const controllers = [...firstOf('kube-controller-manager'), ...firstOf('kube-scheduler')];
  const etcd = firstOf('etcd');
  const others = (names: readonly string[], component: string) =>
    names.slice(0, 1).flatMap((member) =>
      placesOf(component)
        .filter((name) => name !== member)
        .slice(0, 1)
        .map((lost) => ({ fault: 'another-member-lost', member, lost }) as const),
    );
  return [
    ...[...etcd, ...apiservers, ...controllers].map((member) => ({ fault: 'member-does-not-return', member }) as const),
    ...[...etcd, ...apiservers, ...controllers].map((member) => ({ fault: 'member-returns-slowly', member }) as const),
    ...[...apiservers.slice(0, 1), ...controllers].map((member) => ({ fault: 'member-flaps', member }) as const),
    ...apiservers.map((member) => ({ fault: 'apiserver-never-ready', member }) as const),
    ...others(etcd, 'etcd'),
    ...others(firstOf('kube-apiserver'), 'kube-apiserver'),
    ...(seen.etcd.length === 0 ? [] : [{ fault: 'etcd-full' } as const]),
    ...(controllers.length === 0 ? [] : [{ fault: 'controllers-exit' } as const]),
    silence,
  ];
}

export interface Mishap {
  /** From now on: everything runs as it was seen. */
  begin(): void;
  /** Throws where nobody answers. */
  ask(): void;
  started(member: string): void;
  stopped(member: string): void;
  /** After each step of the world. */
  stepped(): void;
  /** When it does something next. */
  nextMs(): number | null;
}

/** `failures`: what the members of the world heed. */
export function createMishap(fault: RehearsalFault | null, members: Members, failures: Set<string>): Mishap {
  const { room } = members;
  const due: { readonly atMs: number; readonly befalls: () => void }[] = [];
  const later = (afterMs: number, befalls: () => void) => due.push({ atMs: room.now.ms + afterMs, befalls });
  let silentUntilMs = -1;
  let befell = false;
  let launched = false;
  let flapping: number | null = null;

  function ends(process: Process | undefined, exitCode: number): void {
    if (process !== undefined && isAlive(process))
      end(room, process, exitCode, ['a rehearsed fault ends this program'], momentOf(room));
  }

  return {
    begin: () => {
      if (fault === null) return;
      if (fault.fault === 'member-returns-slowly') room.faults.slow.set(fault.member, slowdown);
      if (fault.fault === 'apiserver-never-ready') room.faults.neverReady.add(fault.member);
      // What a tag lets fail befalls all members alike; a fault with a member is of that one.
      if (!('member' in fault)) failures.add(fault.fault);
    },
    ask: () => {
      if (room.now.ms >= silentUntilMs) return;
      throw Object.assign(new Error('connect ETIMEDOUT (a rehearsed fault)'), { code: 'ETIMEDOUT' });
    },
    started: (member) => {
      if (fault === null || !('member' in fault) || fault.member !== member) return;
      launched = true;
      const process = room.processes.get(member);
      if (fault.fault === 'member-does-not-return') later(refusesAfterMs, () => ends(process, 1));
    },
    stopped: (member) => {
      if (befell || fault === null) return;
      if (fault.fault === 'nobody-answers') silentUntilMs = room.now.ms + silenceMs;
      if (fault.fault === 'another-member-lost' && fault.member === member)
        later(lostAfterMs, () => ends(room.processes.get(fault.lost), killedExitCode));
      befell = fault.fault !== 'another-member-lost' || fault.member === member;
    },
    stepped: () => {
      const process = launched && fault?.fault === 'member-flaps' ? room.processes.get(fault.member) : undefined;
      if (process !== undefined && isUp(members, process) && process.identity.pid !== flapping) {
        flapping = process.identity.pid;
        later(flapsAfterMs, () => ends(process, 2));
      }
      for (const next of due.filter(({ atMs }) => atMs <= room.now.ms)) {
        due.splice(due.indexOf(next), 1);
        next.befalls();
      }
    },
    nextMs: () => (due.length === 0 ? null : Math.min(...due.map(({ atMs }) => atMs))),
  };
}

function isUp({ room }: Members, process: Process): boolean {
  return process.command.component === 'kube-apiserver' ? isApiserverReady(room, process) : process.phase === 'serving';
}
