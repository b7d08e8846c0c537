import { type MemberTrial, sameRelease } from '../../../domain/index.ts';
import { type EsCheck, type Found, hazard, passedUnless, policy, waitedFor } from './check.ts';

export const trialStartPassed: EsCheck = {
  id: 'es.trial-start-passed',
  asks: 'Did the target start with each member’s own settings on scratch data?',
  scope: 'every-hop',
  run: ({ cluster, trials, hop }) => {
    const ours = trials.filter((trial) => sameRelease(trial.key.release, hop.to));
    if (ours.length > 0 && ours.every((trial) => trial.outcome.kind === 'off'))
      return { kind: 'not-applicable', because: 'trial starts are switched off' };
    const findings = cluster.spec.nodes.flatMap((node) =>
      findingOf(
        node.name,
        hop.to.version,
        ours.find((trial) => trial.key.member === node.name),
      ),
    );
    const failed = ours.find((trial) => trial.outcome.kind === 'could-not-run');
    const refused = findings.some((finding) => finding.kind === 'hazard');
    // A refusal counts whatever else could not be tried.
    if (!refused && failed?.outcome.kind === 'could-not-run')
      return { kind: 'could-not-run', because: `${failed.key.member}: ${failed.outcome.because}` };
    return passedUnless(findings);
  },
};

function findingOf(member: string, version: string, trial: MemberTrial | undefined): readonly Found[] {
  switch (trial?.outcome.kind) {
    case 'passed':
    case 'off':
    case 'could-not-run':
      return [];
    case 'refused':
      return [
        hazard(
          `node ${member}`,
          `${version} refuses the settings of ${member}.`,
          'Change the settings that it names.',
          trial.outcome.lastLines,
        ),
      ];
    default:
      return [
        waitedFor(
          policy(`node ${member}`, `The trial start of ${member} at ${version} has not finished.`, 'Ask again in a minute.'),
        ),
      ];
  }
}
