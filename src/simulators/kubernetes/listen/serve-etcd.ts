/** The client port of a member of etcd: health, version, figures, and the gateway for JSON. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { runningEtcd } from '../processes/etcd.ts';
import type { Process, Room } from '../processes/room.ts';
import { compact, setEtcd } from '../world/index.ts';
import { rawCertificateOf } from './https.ts';
import { say } from './serve-controller.ts';

const quotaBytes = 2_147_483_648;
const objectBytes = 1_400;

/** `trusted`: the one certificate that its clients show. */
export function serveEtcd(room: Room, process: Process, trusted: Buffer) {
  return (incoming: IncomingMessage, response: ServerResponse, body: string) => {
    if (rawCertificateOf(incoming)?.equals(trusted) !== true) {
      incoming.socket.destroy();
      return;
    }
    room.clock.catchUp();
    const url = new URL(incoming.url ?? '/', 'https://etcd');
    if (url.pathname === '/health') return health(room, url.searchParams.getAll('exclude'), response);
    if (url.pathname === '/version') {
      const etcdcluster = room.etcd.version ?? 'not_decided';
      return json(response, 200, { etcdserver: process.version, etcdcluster, storage: etcdcluster });
    }
    if (url.pathname === '/metrics') return say(response, 200, figures(room, process));
    if (!url.pathname.startsWith('/v3/') || incoming.method !== 'POST') return say(response, 404, '404 page not found\n');
    gateway(room, process, url.pathname.slice('/v3/'.length), asked(body), response);
  };
}

function asked(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function health(room: Room, excluded: readonly string[], response: ServerResponse) {
  const { quorum, noSpace } = room.world.etcd;
  const reason = noSpace && !excluded.includes('NOSPACE') ? 'ALARM NOSPACE' : quorum ? '' : 'RAFT NO LEADER';
  json(response, reason === '' ? 200 : 503, { health: String(reason === ''), reason });
}

function sizeOf({ world }: Room): number {
  return world.etcd.noSpace ? quotaBytes : world.objects.size * objectBytes;
}

function figures(room: Room, process: Process): string {
  const { world, etcd } = room;
  const id = etcd.members.get(process.member)?.id ?? 0n;
  const used = sizeOf(room);
  return [
    `etcd_server_id{server_id="${id.toString(16)}"} 1`,
    `etcd_server_is_leader ${etcd.leader === process.member ? 1 : 0}`,
    `etcd_server_has_leader ${etcd.leader === null ? 0 : 1}`,
    `etcd_mvcc_db_total_size_in_bytes ${used}`,
    `etcd_mvcc_db_total_size_in_use_in_bytes ${used}`,
    `etcd_server_quota_backend_bytes ${quotaBytes}`,
    `etcd_server_proposals_committed_total ${world.revision}`,
    `etcd_server_version{server_version="${process.version}"} 1`,
    '',
  ].join('\n');
}

/** Numbers of 64 bits are texts. */
function gateway(room: Room, process: Process, path: string, body: Readonly<Record<string, unknown>>, response: ServerResponse) {
  const { etcd, world } = room;
  const idOf = (name: string | null) => String(etcd.members.get(name ?? '')?.id ?? 0n);
  const header = { cluster_id: '7', member_id: idOf(process.member), revision: String(world.revision), raft_term: '2' };
  switch (path) {
    case 'maintenance/status': {
      const index = String(world.revision);
      const leader = etcd.leader === null ? {} : { leader: idOf(etcd.leader) };
      const dbSize = String(sizeOf(room));
      return json(response, 200, { header, version: process.version, dbSize, raftIndex: index, raftTerm: '2', ...leader });
    }
    case 'cluster/member/list': {
      if (body.linearizable !== false && !world.etcd.quorum) return refuse(response, 503, 14, 'etcdserver: request timed out');
      const members = [...etcd.members.values()].map(({ name, id }) => ({ ID: String(id), name }));
      return json(response, 200, { header, members });
    }
    case 'maintenance/transfer-leadership': {
      if (etcd.leader !== process.member) return refuse(response, 400, 9, 'etcdserver: not leader');
      const target = [...etcd.members.values()].find(({ id }) => String(id) === String(body.targetID));
      const there = runningEtcd(room).some(({ member }) => member === target?.name);
      if (target === undefined || !there) return refuse(response, 400, 9, 'etcdserver: bad leader transferee');
      etcd.leader = target.name;
      return json(response, 200, { header });
    }
    case 'maintenance/alarm': {
      if ((body.action === 'ACTIVATE' || body.action === 1) && body.alarm === 'NOSPACE') setEtcd(world, { noSpace: true });
      const held = world.etcd.noSpace ? [{ memberID: idOf(process.member), alarm: 'NOSPACE' }] : [];
      if (body.action === 'DEACTIVATE' || body.action === 2) setEtcd(world, { noSpace: false });
      return json(response, 200, { header, alarms: held });
    }
    case 'kv/compaction':
      compact(world);
      return json(response, 200, { header });
    case 'maintenance/defragment':
      return json(response, 200, { header });
    default:
      return json(response, 404, { code: 5, message: 'Not Found' });
  }
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  json(response, status, { code, message });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  say(response, status, JSON.stringify(body), 'application/json');
}
