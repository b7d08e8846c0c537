import type { ElasticsearchNodeSpec, GuardVerdict, SeenElasticsearch, SeenNode } from '../../../domain/index.ts';

/** A member as the guards see it: declared, and as it stands in the cluster. */
export interface GuardedMember {
  readonly spec: ElasticsearchNodeSpec;
  /** Its node in the cluster, null while it is not joined. */
  readonly node: SeenNode | null;
  /** Runs the hop's target already. */
  readonly lifted: boolean;
}

/** May this wave be taken now? Everything that the answer depends on. */
export interface GuardContext {
  readonly wave: readonly GuardedMember[];
  readonly members: readonly GuardedMember[];
  readonly seen: SeenElasticsearch;
  readonly awarenessAttribute: string | null;
}

export interface Guard {
  /** A dotted sentence, stable for ever. */
  readonly id: string;
  readonly judge: (context: GuardContext) => GuardVerdict;
}

export function nodeIdsOf(members: readonly GuardedMember[]): ReadonlySet<string> {
  return new Set(members.flatMap((member) => (member.node === null ? [] : [member.node.nodeId])));
}

export function isMasterEligible(member: GuardedMember): boolean {
  return (member.node?.roles ?? member.spec.roles).includes('master');
}

export function namesOf(members: readonly GuardedMember[]): string {
  return members.map((member) => member.spec.name).join(', ');
}
