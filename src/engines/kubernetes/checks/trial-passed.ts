import { type MemberTrial, sameRelease } from '../../../domain/index.ts';
import { isForeign } from '../adoption.ts';
import { type Found, hazard, type KubernetesCheck, notApplicable, ofControlPlane, passedUnless, policy, told } from './check.ts';

const tried = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

export const trialPassed: KubernetesCheck = {
  id: 'k8s.trial-passed',
  asks: 'Did the target start with each member’s own flags beside a scratch etcd?',
  scope: 'every-hop',
  run: ofControlPlane(({ cluster, trials, hop }) => {
    if (isForeign(cluster)) return notApplicable('its members are started by their owner alone');
    const names = cluster.spec.members
      .filter(({ component, surge }) => tried.includes(component) && !surge)
      .map(({ name }) => name);
    const ours = trials.filter((trial) => sameRelease(trial.key.release, hop.to) && names.includes(trial.key.member));
    if (ours.length > 0 && ours.every((trial) => trial.outcome.kind === 'off'))
      return notApplicable('trial starts are switched off');
    const findings = names.flatMap((name) =>
      findingOf(
        name,
        hop.to.version,
        ours.find((trial) => trial.key.member === name),
      ),
    );
    const failed = ours.find((trial) => trial.outcome.kind === 'could-not-run');
    // A refusal counts whatever else could not be tried.
    if (!findings.some((finding) => finding.kind === 'hazard') && failed?.outcome.kind === 'could-not-run')
      return { kind: 'could-not-run', because: `${failed.key.member}: ${failed.outcome.because}` };
    return passedUnless(findings);
  }),
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
          `member ${member}`,
          `${version} refuses the flags of ${member}.`,
          'Change the flags that it names.',
          trial.outcome.lastLines,
        ),
      ];
    default:
      return [
        told(
          policy(`member ${member}`, `The trial start of ${member} at ${version} has not finished.`, 'Ask again in a minute.'),
        ),
      ];
  }
}
