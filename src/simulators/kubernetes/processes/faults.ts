/** What a test lets go wrong, and what the world itself saw go wrong. */

export interface Faults {
  /** Members whose processes answer nobody and do nothing, though they run. */
  readonly frozen: Set<string>;
  /** Members that the server cannot reach; the others can. */
  readonly cutOff: Set<string>;
  /** Apiservers that never get ready, whatever they are started at. */
  readonly neverReady: Set<string>;
  /** How many times as long a member takes to come up. */
  readonly slow: Map<string, number>;
  /** Broken rules, in order: fewer ready apiservers than before an act allowed, versions outside skew, no quorum. */
  readonly violations: string[];
}

export function noFaults(): Faults {
  return { frozen: new Set(), cutOff: new Set(), neverReady: new Set(), slow: new Map(), violations: [] };
}

export function violation({ violations }: Faults, says: string): void {
  if (violations.at(-1) !== says) violations.push(says);
}

export const failures = {
  'node-does-not-rejoin': 'A kubelet that is started at another version than the first of its kind never registers its node.',
  'node-rejoins-slowly':
    'Every member that is started at another version than the first of its kind takes ten times as long to come up.',
  'apiserver-never-ready':
    'An apiserver that is started at another version than the first of its kind answers and never gets ready.',
  'etcd-full': 'From the first apiserver at another version on, etcd is out of room.',
  'controllers-exit':
    'Controller managers and schedulers at another version than the first of their kind end soon after their start.',
  'member-flaps':
    'An apiserver at another version than the first of its kind ends by itself soon after it has got ready, each time.',
  'trial-refused': 'A trial start of any release is refused, with an unknown flag.',
  'pods-not-evicted': 'Pods that are to end on a node never do.',
} as const;

export type Failure = keyof typeof failures;
