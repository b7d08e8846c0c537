import type { Check, CheckContext, CheckResult, Finding, Hop, Observation, SeenKubernetes } from '../../../domain/index.ts';
import { type Subject, unknownAbout } from '../observe/index.ts';

export type KubernetesCheck = Check<SeenKubernetes>;
export type KubernetesContext = CheckContext<SeenKubernetes>;
export type Found = Omit<Finding, 'check' | 'hop'>;

export function hazard(subject: string, says: string, remedy: string, evidence: readonly string[] = []): Found {
  return { kind: 'hazard', subject, says, remedy, evidence };
}

export function policy(subject: string, says: string, remedy: string, evidence: readonly string[] = []): Found {
  return { kind: 'policy', subject, says, remedy, evidence };
}

/** Told, and no reason to hold a start: of a later hop, or the loop itself waits for it. */
export function told(found: Found): Found {
  return { ...found, loopWaits: true };
}

export function passedUnless(findings: readonly Found[]): CheckResult {
  return findings.length === 0 ? { kind: 'passed' } : { kind: 'found', findings };
}

/** What was found counts; only where nothing was is it said what could not be asked. */
export function foundOrUnknown(
  findings: readonly Found[],
  observation: Observation<SeenKubernetes>,
  ...subjects: readonly Subject[]
): CheckResult {
  const open = subjects.flatMap((subject) => unknownAbout(observation, subject) ?? []);
  return findings.length === 0 && open.length > 0
    ? { kind: 'could-not-run', because: [...new Set(open)].join('; ') }
    : passedUnless(findings);
}

export function notApplicable(because: string): CheckResult {
  return { kind: 'not-applicable', because };
}

export function isOfNodes(hop: Hop): boolean {
  return hop.nodegroup !== undefined;
}

/** Asked when the control plane is lifted or goes back. */
export function ofControlPlane(run: KubernetesCheck['run']): KubernetesCheck['run'] {
  return (context) => (isOfNodes(context.hop) ? notApplicable('only nodes are lifted') : run(context));
}

/** Asked when nodes are lifted. */
export function ofNodes(run: KubernetesCheck['run']): KubernetesCheck['run'] {
  return (context) => (isOfNodes(context.hop) ? run(context) : notApplicable('no node is touched'));
}

/** Asked when the control plane goes on to a newer minor. */
export function ofNewerMinor(run: KubernetesCheck['run']): KubernetesCheck['run'] {
  return ofControlPlane((context) => {
    if (context.hop.back === true) return notApplicable('it is the way back');
    return changesMinor(context.hop) ? run(context) : notApplicable('the minor stays');
  });
}

/** Asked when the control plane goes back to the minor before. */
export function ofTheWayBack(run: KubernetesCheck['run']): KubernetesCheck['run'] {
  return ofControlPlane((context) => (context.hop.back === true ? run(context) : notApplicable('it is no way back')));
}

export function changesMinor(hop: Hop): boolean {
  return hop.from.version !== hop.to.version;
}

/** The nodes of the group that is lifted, the place for one more left out. */
export function namesOfGroup({ cluster, hop }: KubernetesContext): readonly string[] {
  const group = cluster.spec.nodegroups.find(({ name }) => name === hop.nodegroup);
  return (group?.nodes ?? []).filter(({ surge }) => !surge).map(({ name }) => name);
}

export function releaseOfHop({ catalog, hop }: KubernetesContext) {
  return catalog.releases.find(({ version }) => version === hop.to.version);
}
