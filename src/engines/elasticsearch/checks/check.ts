import type { Check, CheckContext, CheckResult, Finding, SeenElasticsearch } from '../../../domain/index.ts';

export type EsCheck = Check<SeenElasticsearch>;
export type EsContext = CheckContext<SeenElasticsearch>;
type Found = Omit<Finding, 'check' | 'hop'>;

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

export function passedUnless(findings: readonly Found[]): CheckResult {
  return findings.length === 0 ? { kind: 'passed' } : { kind: 'found', findings };
}

/** A name, or a prefix ending in `*`. */
export function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
