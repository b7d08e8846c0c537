import { compareVersions } from '../../../domain/index.ts';
import { minorsAhead } from '../minors.ts';
import {
  type Found,
  hazard,
  type KubernetesCheck,
  type KubernetesContext,
  notApplicable,
  ofControlPlane,
  ofNewerMinor,
  passedUnless,
  policy,
  releaseOfHop,
} from './check.ts';

/** From here on a database that is full takes no writes any more; work on the way needs some room. */
const fullShare = 0.8;
/** etcd 3.6 starts on data of 3.5 from this patch on. */
const lastStepTo36 = '3.5.26';

function namesOf({ cluster }: KubernetesContext): readonly string[] {
  return cluster.spec.members.filter(({ component }) => component === 'etcd').map(({ name }) => name);
}

function ofOurs(run: KubernetesCheck['run']): KubernetesCheck['run'] {
  return (context) => (namesOf(context).length === 0 ? notApplicable('etcd is not in the description') : run(context));
}

export const etcdHealthy: KubernetesCheck = {
  id: 'k8s.etcd-healthy',
  asks: 'Is every etcd member healthy?',
  scope: 'first-hop',
  run: ofOurs((context) =>
    passedUnless(
      namesOf(context)
        .filter((name) => context.seen.etcd.find((member) => member.name === name)?.healthy !== true)
        .map((name) =>
          hazard(`member ${name}`, `${name} is not healthy.`, `See the log of ${name}; start it where it does not run.`),
        ),
    ),
  ),
};

export const etcdHasNoAlarm: KubernetesCheck = {
  id: 'k8s.etcd-has-no-alarm',
  asks: 'Has etcd raised no alarm?',
  scope: 'first-hop',
  run: ofOurs(({ seen }) => {
    if (seen.etcd.length === 0) return { kind: 'could-not-run', because: 'no etcd member answers' };
    return passedUnless(
      seen.etcd.flatMap((member) =>
        member.alarms.map((alarm) =>
          hazard(
            `member ${member.name}`,
            `etcd has raised ${alarm} at ${member.name}.`,
            alarm === 'NOSPACE'
              ? 'Compact and defragment each member, or raise its quota; then disarm the alarm.'
              : 'Replace the member whose data differs from a healthy one.',
          ),
        ),
      ),
    );
  }),
};

export const etcdHasRoom: KubernetesCheck = {
  id: 'k8s.etcd-has-room',
  asks: 'Is the database of etcd below four fifths of its quota?',
  scope: 'first-hop',
  run: ofControlPlane(
    ofOurs(({ seen }) => {
      if (seen.etcd.length === 0) return { kind: 'could-not-run', because: 'no etcd member answers' };
      const unknown = seen.etcd.filter(({ quotaBytes }) => quotaBytes === null).map(({ name }) => name);
      const findings = seen.etcd.flatMap(({ name, dbSizeBytes, quotaBytes }): readonly Found[] => {
        if (quotaBytes === null || dbSizeBytes < fullShare * quotaBytes) return [];
        const percent = Math.round((100 * dbSizeBytes) / quotaBytes);
        const says = `The database of ${name} is at ${percent} % of its quota.`;
        return [policy(`member ${name}`, says, `Compact and defragment ${name}, or raise its quota.`)];
      });
      if (findings.length === 0 && unknown.length > 0)
        return { kind: 'could-not-run', because: `${unknown.join(', ')} does not tell its quota` };
      return passedUnless(findings);
    }),
  ),
};

export const etcdVersionFits: KubernetesCheck = {
  id: 'k8s.etcd-version-fits',
  asks: 'Can etcd go to what the target runs with in one step?',
  scope: 'every-hop',
  run: ofNewerMinor(
    ofOurs((context) => {
      const target = releaseOfHop(context)?.etcd;
      if (target === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${context.hop.to.version}` };
      // What a later hop finds is what the hops before it have made.
      if (context.hopIndex > 0) return passedUnless([]);
      return passedUnless(context.seen.etcd.flatMap((member) => versionOf(member.name, member.version, target)));
    }),
  ),
};

function versionOf(name: string, version: string, target: string): readonly Found[] {
  const ahead = minorsAhead(target, version);
  if (ahead > 1)
    return [
      hazard(
        `member ${name}`,
        `${name} runs etcd ${version}, and ${target} is more than one minor newer.`,
        'Bring etcd up one minor at a time.',
      ),
    ];
  if (ahead === 1 && minorsAhead(target, '3.6') === 0 && compareVersions(version, lastStepTo36) < 0)
    return [
      hazard(
        `member ${name}`,
        `${name} runs etcd ${version}: 3.6 follows on ${lastStepTo36} or newer only.`,
        `Bring etcd to ${lastStepTo36} or newer first.`,
      ),
    ];
  return [];
}

export const etcdKeepsServing: KubernetesCheck = {
  id: 'k8s.etcd-keeps-serving',
  asks: 'Does etcd keep a majority while its members are lifted?',
  scope: 'every-hop',
  run: ofNewerMinor(
    ofOurs((context) => {
      const target = releaseOfHop(context)?.etcd;
      if (target === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${context.hop.to.version}` };
      const names = namesOf(context);
      const newest = context.seen.etcd.every(({ version }) => compareVersions(version, target) >= 0);
      const [only] = names;
      if (only === undefined || names.length > 2 || (newest && context.seen.etcd.length > 0)) return passedUnless([]);
      if (names.length === 2)
        return passedUnless([
          hazard('etcd', 'With two members etcd has no majority while one is lifted.', 'An etcd of one or of three members.'),
        ]);
      const says = `${only} is the only etcd member: while it is lifted, for about ten seconds, no request is answered.`;
      return passedUnless([policy(`member ${only}`, says, 'Accept it, or an etcd of three members.')]);
    }),
  ),
};
