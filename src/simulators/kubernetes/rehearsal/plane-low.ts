import type { PlaneLow } from '../../../domain/index.ts';
import { isApiserverReady, readyApiservers } from '../processes/apiserver.ts';
import { runningEtcd } from '../processes/etcd.ts';
import type { Room } from '../processes/room.ts';
import { read } from '../world/index.ts';

export interface PlaneLows {
  /** After each step of the world. */
  look(): void;
  low(): PlaneLow;
}

interface Places {
  /** Apiservers that are always to be there. */
  readonly apiservers: readonly string[];
  readonly etcd: readonly string[];
  readonly nodes: readonly string[];
}

type Fewest = NonNullable<PlaneLow['fewestReady']>;

/** Watches from now on who is away and for how long: what is so after a step is so until the next. */
export function watchPlane(room: Room, places: Places, beganMs: number): PlaneLows {
  const spans = { withoutApiserver: span(), withoutQuorum: span(), controllerManager: span(), scheduler: span() };
  const [etcdOf, nodesOf] = [places.etcd.length, places.nodes.length];
  let atMs = beganMs;
  let revision = -1;
  let now: Fewest | null = null;
  let worst: Fewest | null = null;
  let [etcdAway, nodesAway] = [0, 0];

  function look(): void {
    atMs = room.now.ms;
    lookAtApiservers();
    etcdAway = Math.max(etcdAway, etcdOf - runningEtcd(room).length);
    spans.withoutApiserver.tell(readyApiservers(room).length === 0, atMs);
    spans.withoutQuorum.tell(etcdOf > 0 && !room.world.etcd.quorum, atMs);
    spans.controllerManager.tell(!room.leaders.has('kube-controller-manager'), atMs);
    spans.scheduler.tell(!room.leaders.has('kube-scheduler'), atMs);
    if (revision !== room.world.revision)
      nodesAway = Math.max(nodesAway, places.nodes.filter((name) => isAway(room, name)).length);
    revision = room.world.revision;
  }

  /** The place for one more counts among those that are ready, and is nobody who is away. */
  function lookAtApiservers(): void {
    const of = places.apiservers.length;
    const ready = Math.min(of, readyApiservers(room).length);
    const away = places.apiservers.filter((name) => !isReadyPlace(room, name));
    if (now?.ready === ready && now.away.join() === away.join()) return;
    close();
    now = ready < of ? { atMs: Math.round(atMs - beganMs), forMs: 0, ready, of, away } : null;
  }

  function close(): void {
    if (now === null) return;
    const ended = { ...now, forMs: Math.round(atMs - beganMs - now.atMs) };
    const lower = worst === null || ended.ready < worst.ready || (ended.ready === worst.ready && ended.forMs > worst.forMs);
    if (lower) worst = ended;
  }

  return {
    look,
    low: () => {
      look();
      close();
      return {
        fewestReady: worst,
        withoutApiserverMs: spans.withoutApiserver.sumMs(atMs),
        etcdAway,
        etcdOf,
        withoutQuorumMs: spans.withoutQuorum.sumMs(atMs),
        withoutControllerManagerMs: spans.controllerManager.longestMs(atMs),
        withoutSchedulerMs: spans.scheduler.longestMs(atMs),
        nodesAway,
        nodesOf,
      };
    },
  };
}

function isReadyPlace(room: Room, name: string): boolean {
  const process = room.processes.get(name);
  return process !== undefined && isApiserverReady(room, process);
}

function isAway(room: Room, name: string): boolean {
  const node = read(room.world, '/nodes', '', name)?.object;
  const status = (node?.status ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  const ready = (status.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
  return !ready || ((node?.spec ?? {}) as { readonly unschedulable?: boolean }).unschedulable === true;
}

/** How long something was so: in all, and at the longest. */
function span() {
  let sinceMs: number | null = null;
  let sumMs = 0;
  let longestMs = 0;
  const lasting = (nowMs: number) => (sinceMs === null ? 0 : nowMs - sinceMs);
  return {
    tell: (is: boolean, nowMs: number) => {
      if (is) {
        sinceMs ??= nowMs;
        return;
      }
      sumMs += lasting(nowMs);
      longestMs = Math.max(longestMs, lasting(nowMs));
      sinceMs = null;
    },
    sumMs: (nowMs: number) => Math.round(sumMs + lasting(nowMs)),
    longestMs: (nowMs: number) => Math.round(Math.max(longestMs, lasting(nowMs))),
  };
}
