/** A rehearsal as a person reads it: how it usually goes, what only this shows, and what faults would do. */

export interface FaultRun {
  readonly fault: string;
  readonly member: string | null;
  readonly lost: string | null;
  readonly status: string;
  readonly reason: { readonly code: string; readonly says: string; readonly clearedBy: string } | null;
  readonly tookMs: number;
  readonly remarks: readonly string[];
  readonly thinnest: { readonly started: number } | null;
}

/** Members to which the same fault does the same are told of together. */
export interface FaultGroup {
  readonly says: string;
  readonly ends: 'passes' | 'stops' | 'goes-back' | 'does-not-end' | 'otherwise';
  readonly status: string;
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly reason: FaultRun['reason'];
  readonly remarks: readonly string[];
}

const ends: Readonly<Record<string, FaultGroup['ends']>> = {
  done: 'passes',
  stopped: 'stops',
  returned: 'goes-back',
  running: 'does-not-end',
};

/** What stops it comes first. */
const order: readonly FaultGroup['ends'][] = ['does-not-end', 'stops', 'otherwise', 'goes-back', 'passes'];

export function faultGroupsOf(runs: readonly FaultRun[]): readonly FaultGroup[] {
  const groups = new Map<string, FaultRun[]>();
  for (const run of runs) {
    const key = [run.fault, run.lost, run.status, run.reason?.code, run.thinnest?.started === 0, run.remarks[0]].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map(groupOf).sort((one, other) => order.indexOf(one.ends) - order.indexOf(other.ends));
}

function groupOf(runs: readonly FaultRun[]): FaultGroup {
  const [first] = runs;
  const times = runs.map(({ tookMs }) => tookMs);
  return {
    says: faultSays(runs),
    ends: ends[first?.status ?? ''] ?? 'otherwise',
    status: first?.status ?? '',
    shortestMs: Math.min(...times),
    longestMs: Math.max(...times),
    reason: first?.reason ?? null,
    remarks: first?.remarks.slice(0, 1) ?? [],
  };
}

const ofTheCluster: Readonly<Record<string, string>> = {
  'settings-answer-lost': 'The answer to a change of settings is lost',
  'settings-refused': 'Every change of settings is refused',
  'nobody-answers': 'No node answers for a minute, while one is away',
  'recoveries-slow': 'Copies take a hundred times as long to come up',
  'index-made': 'An index is made while a node is away',
};

const ofMembers: Readonly<Record<string, (members: string) => string>> = {
  'member-does-not-return': (members) => `${members} does not come back`,
  'member-returns-slowly': (members) => `${members} takes ten times as long to come back`,
  'member-flaps': (members) => `${members} ends whenever it has come back`,
  'disk-fills-up': (members) => `The disk of ${members} is full when it comes back`,
  'copies-fail': (members) => `Copies fail on ${members} when it comes back`,
};

function faultSays(runs: readonly FaultRun[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  const members = [...new Set(runs.flatMap(({ member }) => member ?? []))].join(' or ');
  if (first.fault === 'another-member-lost') return `${first.lost} dies while ${members} is away`;
  return ofMembers[first.fault]?.(members) ?? ofTheCluster[first.fault] ?? `${first.fault} ${members}`.trim();
}
