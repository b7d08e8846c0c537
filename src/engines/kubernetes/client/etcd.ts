import { Type } from 'typebox';
import type { EngineIo, KubernetesCluster } from '../../../domain/index.ts';
import { type Answer, reader } from './answer.ts';
import { identity } from './credentials.ts';
import { readAs } from './kubernetes.ts';
import { samplesOf } from './metrics.ts';
import { jsonOf, type Limits, type Sent, send } from './send.ts';

const Health = reader('the health of etcd', Type.Object({ health: Type.String(), reason: Type.Optional(Type.String()) }));
const Version = reader('the version of etcd', Type.Object({ etcdserver: Type.String(), etcdcluster: Type.String() }));

/** An alarm makes the whole cluster unwell, whoever raised it: to agree it may be able all the same. */
const agreementOnly = '/health?exclude=NOSPACE&exclude=CORRUPT';

export interface EtcdFigures {
  /** In hexadecimal, as etcd shows it to people. */
  readonly memberId: string;
  readonly leader: boolean;
  readonly dbSizeBytes: number;
  readonly quotaBytes: number | null;
  readonly raftIndex: number;
}

export interface EtcdHealth {
  readonly healthy: boolean;
  readonly reason: string;
}

/**
 * Asks one member of etcd at its client port. Not through etcd's gateway for JSON: that one fails where only clients of
 * one name are let in.
 */
export interface EtcdClient {
  readonly base: string;
  /** Whether it can agree with the others about anything now. */
  agrees(limits?: Limits): Promise<Answer<EtcdHealth>>;
  /** Alarms of the cluster, whichever member raised them: `NOSPACE`, `CORRUPT`. */
  alarms(limits?: Limits): Promise<Answer<readonly string[]>>;
  /** `cluster`: what all its members can do, `3.6.0`. */
  versions(limits?: Limits): Promise<Answer<{ readonly server: string; readonly cluster: string }>>;
  figures(limits?: Limits): Promise<Answer<EtcdFigures>>;
}

export function etcdClient(cluster: KubernetesCluster, io: EngineIo, base: string): EtcdClient {
  const credentials = identity(cluster, 'etcd');

  async function ask(path: string, limits?: Limits): Promise<Sent> {
    if (credentials.kind === 'lack') return { kind: 'unreachable', because: `${base}: ${credentials.because}`, accepted: false };
    return send(io, { method: 'GET', url: `${base}${path}`, tls: credentials.tls }, limits);
  }
  const health = async (path: string, limits?: Limits): Promise<Answer<EtcdHealth>> => {
    const sent = await ask(path, limits);
    // One that is not well says so in the same form, with 503.
    const unwell = sent.kind === 'answered' && sent.status === 503 ? Health.read(jsonOf(sent.body)) : null;
    const answer = unwell?.kind === 'ok' ? unwell : readAs(Health, sent);
    if (answer.kind !== 'ok') return answer;
    return { kind: 'ok', value: { healthy: answer.value.health === 'true', reason: answer.value.reason ?? '' } };
  };

  return {
    base,
    agrees: (limits) => health(agreementOnly, limits),
    alarms: async (limits) => {
      const answer = await health('/health', limits);
      if (answer.kind !== 'ok') return answer;
      const alarm = /^ALARM (\w+)$/.exec(answer.value.reason)?.[1];
      return { kind: 'ok', value: alarm === undefined ? [] : [alarm] };
    },
    versions: async (limits) => {
      const answer = readAs(Version, await ask('/version', limits));
      if (answer.kind !== 'ok') return answer;
      return { kind: 'ok', value: { server: answer.value.etcdserver, cluster: answer.value.etcdcluster } };
    },
    figures: async (limits) => {
      const sent = await ask('/metrics', limits);
      if (sent.kind === 'unreachable') return sent;
      if (sent.status !== 200) return { kind: 'status', status: sent.status, reason: null, says: sent.body.slice(0, 200) };
      return figuresOf(sent.body, base);
    },
  };
}

function figuresOf(text: string, base: string): Answer<EtcdFigures> {
  const value = (name: string) => samplesOf(text, name)[0]?.value;
  const memberId = samplesOf(text, 'etcd_server_id')[0]?.labels.server_id;
  const leads = value('etcd_server_is_leader');
  const dbSizeBytes = value('etcd_mvcc_db_total_size_in_bytes');
  const raftIndex = value('etcd_server_proposals_committed_total');
  if (memberId === undefined || leads === undefined || dbSizeBytes === undefined || raftIndex === undefined)
    return { kind: 'unreadable', because: `${base}: the figures of etcd lack its id, its size, or who leads` };
  const quotaBytes = value('etcd_server_quota_backend_bytes') ?? null;
  return { kind: 'ok', value: { memberId, leader: leads === 1, dbSizeBytes, quotaBytes, raftIndex } };
}
