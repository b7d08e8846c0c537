/** Hollow nodes: kubelets without containers. */
import { startKubelet, stopKubelet } from '../world/index.ts';
import { isLifted } from './apiserver.ts';
import { end, later, momentOf, type Process, type Room } from './room.ts';

const registersAfterMs = 2_000;
const stopMs = 200;

export function startKubeletOf(room: Room, process: Process): void {
  const { member, command, version } = process;
  const slow = room.faults.slow.get(member) ?? 1;
  later(room, process, registersAfterMs * slow * (0.8 + room.random() * 0.4), 'registers', (moment) => {
    process.phase = 'serving';
    if (isLifted(room, process) && room.failures.has('node-does-not-rejoin')) return;
    const name = command.flags.get('name') ?? member;
    const labels = pairsOf(command.flags.get('node-labels'));
    startKubelet(room.world, { name, version, labels, taints: taintsOf(command.flags.get('register-with-taints')) }, moment);
  });
}

export function endKubelet(room: Room, process: Process): void {
  process.phase = 'ending';
  stopKubelet(room.world, process.command.flags.get('name') ?? process.member, momentOf(room));
  later(room, process, stopMs, 'ends', (moment) => end(room, process, 0, [], moment));
}

function pairsOf(text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

/** `key=value:Effect,...`. */
function taintsOf(text = '') {
  return [...text.matchAll(/([^=,]+)=([^:,]*):(\w+)/g)].map(([, key = '', value = '', effect = '']) => ({ key, value, effect }));
}
