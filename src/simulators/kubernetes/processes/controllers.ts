/** Controller managers and schedulers: each kind has one that leads, by a lease that lies behind the front door. */
import { acquireLease, leaseHolder, type Moment, releaseLease, schedule } from '../world/index.ts';
import { isApiserverReady, isLifted } from './apiserver.ts';
import { end, later, type Process, processesOf, type Room } from './room.ts';

export const controllers = ['kube-controller-manager', 'kube-scheduler'] as const;
export type Controller = (typeof controllers)[number];

const servesAfterMs = 1_500;
const leaseSeconds = 15;
/** One that could not renew its lease for so long ends. */
const renewDeadlineMs = 10_000;
const retryMs = 2_000;
const jitter = 1.2;
const stopMs = 300;
const exitsAfterMs = 3_000;
const namespace = 'kube-system';

export function startController(room: Room, process: Process): void {
  const slow = room.faults.slow.get(process.member) ?? 1;
  later(room, process, servesAfterMs * slow * (0.8 + room.random() * 0.4), 'serves', () => {
    process.phase = 'serving';
    if (isLifted(room, process) && room.failures.has('controllers-exit'))
      later(room, process, exitsAfterMs, 'exits', (then) => end(room, process, 1, ['E1 a simulated failure'], then));
  });
}

export function endController(room: Room, process: Process): void {
  process.phase = 'ending';
  const { command } = process;
  const kind = command.component as Controller;
  // A scheduler always gives it back, a controller manager where its gate says so.
  const givesBack =
    kind === 'kube-scheduler' || /ReleaseLeaderElectionLockOnExit=true/.test(command.flags.get('feature-gates') ?? '');
  later(room, process, stopMs, 'ends', (moment) => {
    const led = room.leaders.get(kind);
    if (givesBack && led?.member === process.member && reaches(room)) releaseLease(room.world, namespace, kind, led.holder);
    end(room, process, 0, [], moment);
  });
}

/** Whether requests through the front door are answered; without one, through a balancer that is not of this world. */
export function reaches(room: Room): boolean {
  const doors = processesOf(room, 'haproxy');
  if (!room.world.etcd.quorum || (doors.length > 0 && !doors.some(({ phase }) => phase === 'serving'))) return false;
  const behind = doors.length > 0 ? room.up : processesOf(room, 'kube-apiserver').map(({ member }) => member);
  return [...behind].some((name) => {
    const process = room.processes.get(name);
    return process !== undefined && (isApiserverReady(room, process) || process.phase === 'ending');
  });
}

/**
 * Leases as they are by now. Between two events nothing changes whether a leader can renew its own: it has, up to this
 * moment, and nothing has to tick for it.
 */
export function settleControllers(room: Room, moment: Moment): void {
  const through = reaches(room) && !room.world.etcd.noSpace;
  for (const kind of controllers) {
    const led = room.leaders.get(kind);
    const leader = led === undefined ? undefined : room.processes.get(led.member);
    const alive = led !== undefined && leader !== undefined && isAt(room, leader, led.holder);
    if (alive && through) renew(room, kind, led, moment);
    else if (alive) loseLater(room, kind, leader, led.renewedMs);
    else if (led !== undefined) room.leaders.delete(kind);
    if (!room.leaders.has(kind) && through) electLater(room, kind, moment);
  }
  room.world.controllers.manager = room.leaders.has('kube-controller-manager');
  room.world.controllers.scheduler = room.leaders.has('kube-scheduler');
}

function renew(room: Room, kind: Controller, led: { readonly holder: string; renewedMs: number }, moment: Moment): void {
  if (moment.nowMs - led.renewedMs < retryMs) return;
  const claim = { namespace, name: kind, holder: led.holder, durationSeconds: leaseSeconds };
  if (acquireLease(room.world, claim, moment)) led.renewedMs = moment.nowMs;
}

function isAt(room: Room, process: Process, holder: string): boolean {
  const led = (process.phase === 'serving' || process.phase === 'ending') && !room.faults.frozen.has(process.member);
  return led && holder === holderOf(process);
}

function holderOf({ member, identity }: Process): string {
  return `${member}_${identity.startTime}`;
}

function loseLater(room: Room, kind: Controller, leader: Process, renewedMs: number): void {
  schedule(room.world, {
    atMs: renewedMs + renewDeadlineMs,
    name: `${kind} loses its lease`,
    happen: (_, moment) => {
      const led = room.leaders.get(kind);
      if (led?.member !== leader.member || moment.nowMs - led.renewedMs < renewDeadlineMs || leader.phase === 'ended') return;
      end(room, leader, 1, ['E1 leaderelection.go] Failed to update lease', '"leaderelection lost"'], moment);
    },
  });
}

/** The first that asks after the lease is free has it. */
function electLater(room: Room, kind: Controller, moment: Moment): void {
  const candidates = processesOf(room, kind).filter(
    ({ phase, member }) => phase === 'serving' && !room.faults.frozen.has(member),
  );
  const winner = candidates[Math.floor(room.random() * candidates.length)];
  if (winner === undefined) return;
  const atMs = moment.nowMs + room.random() * retryMs * (1 + jitter);
  schedule(room.world, {
    atMs,
    name: `${kind} asks for the lease`,
    happen: (_, then) => {
      if (room.leaders.has(kind) || winner.phase !== 'serving' || !reaches(room)) return;
      if (leaseHolder(room.world, namespace, kind, then.nowMs) !== null) return;
      const holder = holderOf(winner);
      const claim = { namespace, name: kind, holder, durationSeconds: leaseSeconds };
      if (acquireLease(room.world, claim, then)) room.leaders.set(kind, { member: winner.member, holder, renewedMs: then.nowMs });
    },
  });
}
