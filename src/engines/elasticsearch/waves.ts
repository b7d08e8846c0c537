import type { ElasticsearchNodeSpec } from '../../domain/index.ts';

/** What the order of waves depends on. */
export interface WaveMember {
  readonly spec: ElasticsearchNodeSpec;
  readonly elected: boolean;
}

/**
 * Candidates for waves, best first: data-only before master-eligible, the elected master last. Where copies are kept
 * apart by zone a zone is one wave (the elected master's zone last); zones with several master-eligible members are
 * split so that each wave has one at the most.
 */
export function waveCandidates<M extends WaveMember>(
  members: readonly M[],
  awarenessAttribute: string | null,
): readonly (readonly M[])[] {
  const ordered = [...members].sort(byRank);
  const zoned = awarenessAttribute !== null && members.every((member) => member.spec.zone !== null);
  if (!zoned) return ordered.map((member) => [member]);
  const zones = new Map<string, M[]>();
  for (const member of ordered) {
    const zone = member.spec.zone ?? '';
    zones.set(zone, [...(zones.get(zone) ?? []), member]);
  }
  return [...zones.values()]
    .sort((a, b) => highest(a) - highest(b) || (a[0]?.spec.zone ?? '').localeCompare(b[0]?.spec.zone ?? ''))
    .flatMap(splitMasters);
}

/** Data-only members go with the zone's first master-eligible one; each further one goes alone. */
function splitMasters<M extends WaveMember>(zone: readonly M[]): readonly (readonly M[])[] {
  const masters = zone.filter(isEligible);
  const [first, ...others] = masters;
  if (first === undefined) return [zone];
  return [[...zone.filter((member) => !isEligible(member)), first], ...others.map((master) => [master])];
}

function isEligible(member: WaveMember): boolean {
  return member.spec.roles.includes('master');
}

function rank(member: WaveMember): number {
  if (member.elected) return 2;
  return isEligible(member) ? 1 : 0;
}

function highest(members: readonly WaveMember[]): number {
  return Math.max(...members.map((member) => (member.elected ? 1 : 0)));
}

function byRank(a: WaveMember, b: WaveMember): number {
  return rank(a) - rank(b) || a.spec.name.localeCompare(b.spec.name, 'en', { numeric: true });
}
