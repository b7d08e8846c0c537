import type { CheckReport, Finding, MemberTrial, Obstacles, Plan } from '../../../domain/index.ts';
import { type ApiError, fail } from '../errors.ts';

export function planWire(plan: Plan) {
  return {
    id: plan.id,
    clusterId: plan.clusterId,
    engine: plan.engine,
    from: plan.from,
    to: plan.to,
    hops: plan.hops.map(({ hop, waves, estimateSeconds, oneWayDoors }) => ({
      hop: { from: hop.from, to: hop.to, mode: hop.mode, requires: hop.requires, oneWayDoors: hop.oneWayDoors },
      waves,
      estimateSeconds,
      oneWayDoors,
    })),
    reports: plan.reports.map(reportWire),
    findings: plan.findings.map(findingWire),
    touches: plan.touches,
    estimateSeconds: plan.estimateSeconds,
    basis: plan.basis,
    gateAfterFirstMember: plan.gateAfterFirstMember,
    madeAt: plan.madeAt,
    madeBy: plan.madeBy,
  };
}

export function findingWire(finding: Finding) {
  return { check: finding.check, hop: finding.hop, ...foundWire(finding) };
}

export function reportWire({ check, asks, hop, result }: CheckReport) {
  return {
    check,
    asks,
    hop,
    result: result.kind === 'found' ? { kind: result.kind, findings: result.findings.map(foundWire) } : result,
  };
}

function foundWire(found: Omit<Finding, 'check' | 'hop'>) {
  const { kind, subject, says, evidence, remedy, loopWaits } = found;
  return { kind, subject, says, evidence, remedy, ...(loopWaits === undefined ? {} : { loopWaits }) };
}

export function trialWire({ key, outcome }: MemberTrial) {
  const { clusterId, member, release, settingsHash } = key;
  return { key: { clusterId, member, release, settingsHash }, outcome };
}

/** What holds a start, and what of it a person may accept by naming it. */
export function obstaclesError({ hazards, policy, couldNotRun }: Obstacles, planId: string | null): ApiError {
  const acknowledge = [...new Set([...policy, ...couldNotRun].map(({ check }) => check))];
  const held = hazards.length > 0;
  const first = held ? hazards[0]?.says : (policy[0]?.says ?? couldNotRunSays(couldNotRun[0]));
  const count = hazards.length + policy.length + couldNotRun.length;
  const says =
    `${count} ${count === 1 ? 'finding holds' : 'findings hold'} the upgrade; nothing was started. ${first ?? ''}`.trim();
  return fail('obstacles', says, {
    remedy: remedyOf(hazards, acknowledge),
    details: {
      planId,
      acknowledge,
      hazards: hazards.map(findingWire),
      policy: policy.map(findingWire),
      couldNotRun: couldNotRun.map(reportWire),
    },
  });
}

function couldNotRunSays(report: CheckReport | undefined): string | undefined {
  return report?.result.kind === 'could-not-run' ? `${report.check} could not run: ${report.result.because}` : undefined;
}

function remedyOf(hazards: readonly Finding[], acknowledge: readonly string[]): string {
  const mend = [...new Set(hazards.map((finding) => `${finding.subject}: ${finding.remedy}`))];
  const clear = mend.length === 0 ? [] : [`A hazard cannot be acknowledged; clear it. ${mend.join(' ')}`];
  const accept =
    acknowledge.length === 0 ? [] : [`Clear what you can; to accept the rest, acknowledge ${acknowledge.join(', ')}.`];
  return [...clear, ...accept].join(' ');
}
