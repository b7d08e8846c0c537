/** Members of etcd: who is there, who leads, what all of them can do. */
import { minorOf } from './command.ts';
import { answersNow, end, later, type Process, processesOf, type Room } from './room.ts';

const startMs = 1_000;
const stopMs = 1_500;

export function startEtcd(room: Room, process: Process): void {
  const { command, member, version } = process;
  const refused = refusedData(room, version);
  for (const pair of (command.flags.get('initial-cluster') ?? '').split(',')) {
    const [name = ''] = pair.split('=');
    if (name !== '' && !room.etcd.members.has(name))
      room.etcd.members.set(name, { name, id: BigInt(1 + Math.floor(room.random() * 2 ** 50)) * 4_099n });
  }
  later(room, process, startMs * (0.8 + room.random() * 0.4) * (room.faults.slow.get(member) ?? 1), 'serves', (moment) => {
    if (refused !== null) end(room, process, refused.exitCode, refused.lines, moment);
    else process.phase = 'serving';
  });
}

/** Data of a minor that it cannot read. */
function refusedData({ etcd }: Room, version: string): { readonly exitCode: number; readonly lines: readonly string[] } | null {
  if (etcd.version === null) return null;
  const [was, is] = [minorOf(etcd.version), minorOf(version)];
  if (is > was + 1) return { exitCode: 2, lines: ['panic: removed all voters'] };
  if (is >= was) return null;
  const says = 'invalid downgrade; server version is lower than determined cluster version';
  const versions = `"current-server-version":"${version}","determined-cluster-version":"${etcd.version.replace(/\.\d+$/, '')}"`;
  return { exitCode: 1, lines: [`{"level":"fatal","msg":"${says}",${versions}}`] };
}

export function endEtcd(room: Room, process: Process): void {
  process.phase = 'ending';
  later(room, process, stopMs, 'ends', (moment) => end(room, process, 0, [], moment));
}

export function runningEtcd(room: Room): readonly Process[] {
  return processesOf(room, 'etcd').filter((process) => process.phase === 'serving' && answersNow(room, process));
}

/** Quorum, leader and common version as they follow from who is there. */
export function settleEtcd(room: Room): void {
  const { etcd, world } = room;
  const there = runningEtcd(room);
  world.etcd.quorum = there.length * 2 > etcd.members.size;
  if (!world.etcd.quorum) {
    etcd.leader = null;
    return;
  }
  if (!there.some(({ member }) => member === etcd.leader)) etcd.leader = there[0]?.member ?? null;
  const all = processesOf(room, 'etcd').filter(({ phase }) => phase !== 'ended');
  if (all.length < etcd.members.size) return;
  const [lowest] = all.map(({ version }) => version).sort((a, b) => minorOf(a) - minorOf(b));
  const common = lowest === undefined ? null : lowest.replace(/\.\d+$/, '.0');
  if (common !== null && (etcd.version === null || minorOf(common) > minorOf(etcd.version))) etcd.version = common;
}
