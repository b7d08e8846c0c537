/** The members of a cluster as they are laid out: by zone, or by component where there are no zones. */
import type { Cluster, ClusterNode, MemberTrial, Observation, SeenMember } from '../../api/types.ts';

export interface ShownMember {
  readonly name: string;
  readonly roles: readonly string[];
  readonly host: string;
  /** Null until the cluster was looked at, and of a member that the look does not tell of. */
  readonly seen: SeenMember | null;
  readonly isMaster: boolean;
  readonly state: MemberState;
  readonly isInHand: boolean;
}

export interface MemberGroup {
  /** Null where there is one group of all. */
  readonly name: string | null;
  readonly members: readonly ShownMember[];
}

export type MemberState = 'in-cluster' | 'starting' | 'away' | 'spare' | 'unknown' | 'not-seen';

export function groupsOf(
  cluster: Cluster,
  observation: Observation | undefined,
  inHand: readonly string[],
): readonly MemberGroup[] {
  const seenOf = new Map(observation?.members.map((member) => [member.name, member]));
  const declared = cluster.nodes.map((node) => memberOf(node, seenOf.get(node.name) ?? null, observation, inHand));
  const nodes = new Map(cluster.nodes.map((node) => [node.name, node]));
  // A place that is only taken during an upgrade is not declared: it is seen.
  const others = (observation?.members ?? [])
    .filter(({ name }) => !nodes.has(name))
    .map((seen) => memberOf({ name: seen.name, host: '', url: '', zone: null, roles: [] }, seen, observation, inHand));
  const all = [...declared, ...others];
  const groupName = (name: string): string | null => {
    const node = nodes.get(name);
    if (cluster.engine === 'kubernetes') return node?.roles[0] ?? componentOf(name);
    return node?.zone ?? null;
  };
  const groups = new Map<string | null, ShownMember[]>();
  for (const member of all) {
    const name = groupName(member.name);
    groups.set(name, [...(groups.get(name) ?? []), member]);
  }
  return [...groups].map(([name, members]) => ({ name, members }));
}

/** `apiserver-surge` stands with the apiservers. */
function componentOf(name: string): string {
  return name.startsWith('apiserver') ? 'kube-apiserver' : 'others';
}

function memberOf(
  { name, roles, host }: ClusterNode,
  seen: SeenMember | null,
  observation: Observation | undefined,
  inHand: readonly string[],
): ShownMember {
  return {
    name,
    roles,
    host,
    seen,
    isMaster: observation?.master === name,
    state: stateOf(name, seen),
    isInHand: inHand.includes(name),
  };
}

function stateOf(name: string, seen: SeenMember | null): MemberState {
  if (seen === null) return 'not-seen';
  if (seen.joined) return 'in-cluster';
  switch (seen.process.state) {
    case 'running':
    case 'launching':
      return 'starting';
    case 'stopped':
      return 'away';
    case 'absent':
      return name.endsWith('-surge') ? 'spare' : 'away';
    case 'unknown':
      return 'unknown';
  }
}

export interface RefusedTrial {
  readonly release: string;
  readonly members: readonly string[];
  readonly lastLines: readonly string[];
}

/** What a trial start refused, told once for all members that it refused alike. */
export function refusedTrials(trials: readonly MemberTrial[]): readonly RefusedTrial[] {
  const refused = new Map<string, RefusedTrial>();
  for (const { key, outcome } of trials) {
    if (outcome.kind !== 'refused') continue;
    const release = key.release.build === null ? key.release.version : `${key.release.version} (${key.release.build})`;
    const id = JSON.stringify([release, outcome.lastLines]);
    const known = refused.get(id);
    refused.set(id, { release, members: [...(known?.members ?? []), key.member], lastLines: outcome.lastLines });
  }
  return [...refused.values()];
}
