import {
  type DecideInput,
  type ElasticsearchCluster,
  type ElasticsearchNodeSpec,
  type Hop,
  identityOfMember,
  isStillTheProcess,
  type Ledger,
  type MemberIdentity,
  type Release,
  type SeenElasticsearch,
  type SeenMember,
} from '../../../domain/index.ts';
import type { GuardedMember } from '../guards/index.ts';
import { clusterOfBasis } from '../observe/index.ts';

/** What a cluster tells as its id before it has recovered its state. */
const unformed = '_na_';

/** One member as decide looks at it: declared, seen, and where it stands on the hop in hand. */
export interface MemberStanding extends GuardedMember {
  readonly name: string;
  readonly seenMember: SeenMember;
  /** Its process runs and the cluster knows it. */
  readonly joined: boolean;
}

/** Everything that one decision is made from, put in order. */
export interface Situation {
  readonly input: DecideInput<SeenElasticsearch>;
  readonly cluster: ElasticsearchCluster;
  readonly hop: Hop;
  readonly hopIndex: number;
  readonly lastHop: boolean;
  readonly members: readonly MemberStanding[];
  readonly seen: SeenElasticsearch | null;
  readonly ledger: Ledger;
  readonly nowMs: number;
}

/** A new generation starts with fresh attempts and timers: whoever resumed has mended something. */
export function ledgerOfGeneration(ledger: Ledger, generation: number): Ledger {
  return ledger.generation === generation ? ledger : { ...ledger, generation, attempts: {}, since: {} };
}

export function situationOf(input: DecideInput<SeenElasticsearch>): Situation {
  const ledger = ledgerOfGeneration(input.ledger, input.generation);
  const hop = input.plan.hops[ledger.hop]?.hop;
  if (hop === undefined) throw new Error(`plan ${input.plan.id} has no hop ${ledger.hop}`);
  const seen = input.observation.cluster.kind === 'seen' ? input.observation.cluster.seen : null;
  return {
    input,
    cluster: input.cluster,
    hop,
    hopIndex: ledger.hop,
    lastHop: ledger.hop === input.plan.hops.length - 1,
    members: input.cluster.spec.nodes.map((spec) => standingOf(spec, input, seen, hop.to)),
    seen,
    ledger,
    nowMs: Date.parse(input.now),
  };
}

function standingOf(
  spec: ElasticsearchNodeSpec,
  input: DecideInput<SeenElasticsearch>,
  seen: SeenElasticsearch | null,
  target: Release,
): MemberStanding {
  const seenMember = input.observation.members.find((member) => member.name === spec.name) ?? {
    name: spec.name,
    process: { state: 'unknown' as const, because: 'the observation does not speak of it' },
    running: null,
    joined: null,
  };
  const node = seen?.nodes.find((candidate) => candidate.name === spec.name) ?? null;
  return {
    spec,
    name: spec.name,
    node,
    seenMember,
    joined: node !== null && seenMember.joined !== null,
    lifted: seenMember.running !== null && runs(seenMember.running, target),
  };
}

/** A target without a build is reached by its version alone: an engine upgrade does not change or ask for a build. */
export function runs(running: Release, target: Release): boolean {
  return running.version === target.version && (target.build === null || running.build === target.build);
}

/** Why what answers is not the cluster that the plan was made from; null while it is. An older plan does not say. */
export function answersForAnother({ input, seen }: Situation): string | null {
  const planned = clusterOfBasis(input.plan.basis);
  if (seen === null || planned === null || seen.clusterUuid === planned) return null;
  const at = seen.answeredAt ?? 'the urls of this one';
  if (seen.clusterUuid === unformed) return `The cluster that answers at ${at} has not recovered its state yet.`;
  return `Another cluster answers at ${at}: ${seen.clusterName} with the id ${seen.clusterUuid}, not ${planned}.`;
}

export function identityOf({ seenMember }: MemberStanding): MemberIdentity {
  return identityOfMember(seenMember);
}

/** Its host's record has no process of it that runs. One that is in the cluster all the same was started by somebody else. */
export function isDown({ seenMember }: MemberStanding): boolean {
  return seenMember.process.state === 'stopped' || seenMember.process.state === 'absent';
}

export function stillTheOldProcess({ seenMember }: MemberStanding, taken: MemberIdentity): boolean {
  return isStillTheProcess(seenMember.process, taken);
}
