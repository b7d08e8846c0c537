/** Processes of kube-apiserver: how they come up, why they do not, how they go. */
import { becomeReady, createApiserver, endWatches, isReady, type Moment, shutDown } from '../world/index.ts';
import { end, later, type Process, processesOf, type Room } from './room.ts';
import { tokenKeysOf } from './token-keys.ts';

const servesAfterMs = 800;
const readyAfterMs = 4_000;
/** It waits so long for etcd at its start. */
const etcdPatienceMs = 20_000;
const lookAgainMs = 500;
/** Not ready at once, serving for so long, and no longer than the grace of watches after that. */
const shutdownDelayMs = 3_000;
const drainMs = 400;
const flapsAfterMs = 5_000;

export function startApiserver(room: Room, process: Process): void {
  const { command, member, version, startedMs } = process;
  const emulated = command.flags.get('emulated-version');
  const betas = /api\/(beta|all)=true/.test(command.flags.get('runtime-config') ?? '');
  process.apiserver = createApiserver({
    name: member,
    version,
    startedMs,
    betas,
    keys: tokenKeysOf(process, room.clock.wallMs),
    ...(emulated === undefined ? {} : { emulated }),
  });
  const slow = room.faults.slow.get(member) ?? 1;
  if (isLifted(room, process) && room.failures.has('etcd-full')) room.world.etcd.noSpace = true;
  later(room, process, servesAfterMs, 'serves', () => {
    process.phase = 'serving';
  });
  const untilMs = startedMs + etcdPatienceMs;
  becomesReady(room, process, readyAfterMs * slow * (0.8 + room.random() * 0.4), untilMs);
}

/** It runs another version than the first of its kind did: a place that runs only meanwhile has no first of its own. */
export function isLifted({ first }: Room, { command, version }: Process): boolean {
  return (first.get(command.component) ?? version) !== version;
}

function becomesReady(room: Room, process: Process, afterMs: number, untilMs: number): void {
  later(room, process, afterMs, 'gets ready', (moment) => {
    const { apiserver, member } = process;
    if (apiserver === null || process.phase === 'ending') return;
    const stuck = room.faults.neverReady.has(member) || (isLifted(room, process) && room.failures.has('apiserver-never-ready'));
    if (stuck) return;
    if (!room.world.etcd.quorum) {
      const says = 'Error creating leases: error creating storage factory: context deadline exceeded';
      if (moment.nowMs >= untilMs) end(room, process, 255, [`F1 instance.go:233] ${says}`], moment);
      else becomesReady(room, process, lookAgainMs, untilMs);
      return;
    }
    becomeReady(room.world, apiserver, moment);
    if (isLifted(room, process) && room.failures.has('member-flaps'))
      later(room, process, flapsAfterMs, 'flaps', (then) => end(room, process, 2, ['panic: a simulated failure'], then));
  });
}

export function endApiserver(room: Room, process: Process): void {
  process.phase = 'ending';
  if (process.apiserver !== null) shutDown(process.apiserver);
  later(room, process, shutdownDelayMs, 'ends watches', () => {
    if (process.apiserver !== null) endWatches(process.apiserver);
    later(room, process, drainMs, 'ends', (moment: Moment) => end(room, process, 0, [], moment));
  });
}

export function isApiserverReady(room: Room, process: Process): boolean {
  return (
    process.apiserver !== null &&
    (process.phase === 'serving' || process.phase === 'ending') &&
    !room.faults.frozen.has(process.member) &&
    isReady(room.world, process.apiserver)
  );
}

export function readyApiservers(room: Room): readonly Process[] {
  return processesOf(room, 'kube-apiserver').filter((process) => isApiserverReady(room, process));
}
