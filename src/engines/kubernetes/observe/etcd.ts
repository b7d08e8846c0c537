import { compareVersions, type KubernetesMemberSpec, type SeenEtcdMember } from '../../../domain/index.ts';
import { etcdClient, type Trouble, urlOf } from '../client/index.ts';
import { type Look, noteSilent, timeouts, valueOr } from './look.ts';

export interface SeenEtcd {
  readonly members: readonly SeenEtcdMember[];
  /** What all its members can do; null: nobody tells, or it has not been agreed yet. */
  readonly clusterVersion: string | null;
}

/** Asks each member of etcd for itself. */
export async function lookAtEtcd(look: Look): Promise<SeenEtcd> {
  const asked = look.cluster.spec.members
    .filter(({ component }) => component === 'etcd')
    .map((member) => lookAtMember(look, member));
  const answers = (await Promise.all(asked)).filter((answer) => answer !== null);
  const versions = answers.map(({ clusterVersion }) => clusterVersion).filter((version) => /^\d/.test(version));
  return { members: answers.map(({ seen }) => seen), clusterVersion: versions.sort(compareVersions)[0] ?? null };
}

async function lookAtMember(
  look: Look,
  member: KubernetesMemberSpec,
): Promise<{ readonly seen: SeenEtcdMember; readonly clusterVersion: string } | null> {
  const { name } = member;
  const client = etcdClient(look.cluster, look.io, urlOf(member));
  const brief = { timeoutMs: timeouts.answersMs, until: look.until };
  const asked = Promise.all([
    client.figures({ ...brief, timeoutMs: timeouts.metricsMs }),
    client.agrees({ ...brief, timeoutMs: timeouts.readyMs }),
    client.alarms({ ...brief, timeoutMs: timeouts.readyMs }),
  ]);
  const versions = await client.versions(brief);
  if (versions.kind !== 'ok') return silent(look, versions, name);
  const [figures, agrees, alarms] = await asked;
  if (figures.kind !== 'ok') return silent(look, figures, name);
  const { memberId, leader, dbSizeBytes, quotaBytes, raftIndex } = figures.value;
  // One that cannot agree with the others waits for them: it is not well, and no more is known.
  const health = valueOr(look, 'etcd', agrees, { healthy: false }, `${name}, whether it agrees with the others`);
  return {
    seen: {
      name,
      memberId,
      version: versions.value.server,
      leader,
      healthy: health.healthy,
      dbSizeBytes,
      quotaBytes,
      raftIndex,
      alarms: valueOr(look, 'etcd', alarms, [], `${name}, its alarms`),
    },
    clusterVersion: versions.value.cluster,
  };
}

function silent(look: Look, because: Trouble, member: string): null {
  noteSilent(look, 'etcd', because, member);
  return null;
}
