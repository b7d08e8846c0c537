/** Whom the front door sends to: it asks each apiserver every half second, two refusals take one out, one answer takes it in. */
import { schedule, unschedule } from '../world/index.ts';
import { isApiserverReady } from './apiserver.ts';
import { fileOf } from './command.ts';
import { processesOf, type Room } from './room.ts';

const everyMs = 500;
const fall = 2;

export interface Server {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Those in its configuration, in its order. */
export function serversOf(room: Room): readonly Server[] {
  const [door] = processesOf(room, 'haproxy');
  const text = door === undefined ? '' : (fileOf(door.launch, 'conf/haproxy.cfg') ?? '');
  return [...text.matchAll(/^\s*server (\S+) (\S+):(\d+)/gm)].map(([, name = '', host = '', port = '']) => ({
    name,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
  }));
}

/** What it will have found out, from what is so now; nothing is asked while nothing changes. */
export function settleDoor(room: Room, nowMs: number): void {
  const doorRuns = processesOf(room, 'haproxy').some(({ phase }) => phase === 'serving');
  for (const { name } of serversOf(room)) {
    const process = room.processes.get(name);
    const ready = process !== undefined && isApiserverReady(room, process);
    const change = `front door judges ${name}`;
    if (!doorRuns || ready === room.up.has(name)) {
      unschedule(room.world, change);
      continue;
    }
    const wait = room.random() * everyMs + (ready ? 0 : (fall - 1) * everyMs);
    const happen = () => {
      if (ready) room.up.add(name);
      else room.up.delete(name);
    };
    // Of two of one name the earlier stays: it is asked again and again, not put off.
    schedule(room.world, { atMs: nowMs + wait, name: change, happen });
  }
}
