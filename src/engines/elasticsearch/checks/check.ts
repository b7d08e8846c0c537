import {
  type Check,
  type CheckContext,
  type CheckResult,
  type Finding,
  type Hop,
  type Known,
  majorOf,
  type SeenElasticsearch,
} from '../../../domain/index.ts';

export type EsCheck = Check<SeenElasticsearch>;
export type EsContext = CheckContext<SeenElasticsearch>;
export type Found = Omit<Finding, 'check' | 'hop'>;

export function hazard(subject: string, says: string, remedy: string, evidence: readonly string[] = []): Found {
  return { kind: 'hazard', subject, says, remedy, evidence };
}

export function policy(subject: string, says: string, remedy: string, evidence: readonly string[] = []): Found {
  return { kind: 'policy', subject, says, remedy, evidence };
}

/** Of a later hop of a route: the loop stops before that hop until it is mended, so a start is not held by it. */
export function heldAtItsHop(hopIndex: number, found: Found): Found {
  return hopIndex === 0 ? found : { ...found, loopWaits: true };
}

/** The loop itself waits for it before it takes a member, so a start is not held by it. */
export function waitedFor(found: Found): Found {
  return { ...found, loopWaits: true };
}

export function passedUnless(findings: readonly Found[]): CheckResult {
  return findings.length === 0 ? { kind: 'passed' } : { kind: 'found', findings };
}

/** What was found counts; only where nothing was is it said what could not be asked. */
export function foundOrUnknown(findings: readonly Found[], facts: readonly Known<unknown>[]): CheckResult {
  const open = facts.flatMap((fact) => (fact.known || fact.absent ? [] : [fact.because]));
  return findings.length === 0 && open.length > 0
    ? { kind: 'could-not-run', because: [...new Set(open)].join('; ') }
    : passedUnless(findings);
}

/** Judges a fact that is known; what a distribution does not have does not apply to it. */
export function ofKnown<T>(fact: Known<T>, judge: (value: T) => CheckResult): CheckResult {
  if (fact.known) return judge(fact.value);
  return { kind: fact.absent ? 'not-applicable' : 'could-not-run', because: fact.because };
}

/** A name, or a prefix ending in `*`. */
export function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

export function crossesMajor(hop: Hop): boolean {
  return majorOf(hop.from.version) < majorOf(hop.to.version);
}

export function hopText(hop: Hop): string {
  return `${hop.from.version} to ${hop.to.version}`;
}
