import {
  attemptsOf,
  catalogBuild,
  type KubernetesCatalog,
  type Ledger,
  lasted,
  type MemberTrial,
  type OperatorReason,
  type Release,
  reason,
  releaseKey,
  sameRelease,
  showRelease,
  withAttempt,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { etcdTarget } from './course.ts';
import { act, wait } from './decision.ts';
import { leave } from './leave.ts';
import type { Outcome } from './outcome.ts';
import { type MemberStanding, ofComponent, type Situation } from './situation.ts';

/** The check that tells of trials: whoever acknowledged it goes on without one that could not run. */
const trialCheck = 'k8s.trial-passed';

interface Wanted {
  readonly host: string;
  readonly component: 'kubernetes' | 'etcd';
  readonly release: Release;
}

/** What must be in place before a member is touched: programs on every host, those of the way back too, and passed trials. */
export function prepare(situation: Situation, ledger: Ledger): Outcome {
  const fetched = prefetchMissing(situation, ledger);
  return 'decision' in fetched || situation.group !== null ? fetched : trialsOutstanding(situation, ledger);
}

function wantedOf(situation: Situation): readonly Wanted[] {
  const { hop, group, cluster } = situation;
  const kubernetes = [hop.to, hop.from].map((release) => ({ component: 'kubernetes' as const, release }));
  if (group !== null) return hostsOf(group.nodes).flatMap((host) => kubernetes.map((wanted) => ({ host, ...wanted })));
  const etcd = etcdTarget(situation);
  const programs = cluster.spec.members.filter(({ component }) => component !== 'etcd' && component !== 'front-door');
  const stores = cluster.spec.members.filter(({ component }) => component === 'etcd');
  return [
    ...hostsOf(programs).flatMap((host) => kubernetes.map((wanted) => ({ host, ...wanted }))),
    ...(etcd === null ? [] : hostsOf(stores).map((host) => ({ host, component: 'etcd' as const, release: etcd }))),
  ];
}

function hostsOf(specs: readonly { readonly host: string }[]): readonly string[] {
  return [...new Set(specs.map(({ host }) => host))];
}

function prefetchMissing(situation: Situation, ledger: Ledger): Outcome {
  for (const wanted of wantedOf(situation)) {
    const host = situation.input.observation.hosts[wanted.host];
    if (host?.kind !== 'seen') {
      const says = `Host ${wanted.host} cannot be asked: ${host?.because ?? 'it is not configured'}.`;
      const because = reason('k8s.host-unreachable', wanted.host, says, 'The host answering again.');
      return { decision: wait(ledger, because, limits.lookAgainSlowlyMs) };
    }
    if (liesReady(situation.input.catalog, host.prefetched, wanted.release)) continue;
    return fetch(situation, ledger, wanted);
  }
  return { ledger };
}

function fetch(situation: Situation, ledger: Ledger, { host, component, release }: Wanted): Outcome {
  const shown = component === 'etcd' ? `etcd ${release.version}` : showRelease(release);
  const attempt = `prefetch ${host} ${component} ${releaseKey(release)}`;
  if (attemptsOf(ledger, attempt) >= limits.prefetchAttempts) {
    const because = reason(
      'k8s.artefact-not-available',
      host,
      `Host ${host} could not get ${shown}.`,
      'See the failed attempts above for the cause; mend the source or the catalog, then resume.',
    );
    return { decision: leave(situation, ledger, { kind: 'stop', because }) };
  }
  const parameters = { host, component, version: release.version, build: release.build };
  return { decision: act(withAttempt(ledger, attempt), 'prefetch', [], parameters, `Gets ${shown} ready on host ${host}.`) };
}

/** A build without an artefact of its own runs from that of its version. */
function liesReady(catalog: KubernetesCatalog, prefetched: readonly string[], release: Release): boolean {
  const ofItsOwn = catalogBuild(catalog, release)?.artefacts !== undefined;
  return prefetched.includes(releaseKey(release)) || (!ofItsOwn && prefetched.includes(release.version));
}

function trialsOutstanding(situation: Situation, ledger: Ledger): Outcome {
  const tried = ofComponent(situation, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler');
  const { to } = situation.hop;
  for (const member of tried) {
    const trial = situation.input.trials.find(
      (candidate) => candidate.key.member === member.name && sameRelease(candidate.key.release, to),
    );
    const outcome = oneTrial(situation, ledger, member, to, trial);
    if ('decision' in outcome) return outcome;
  }
  return { ledger: withoutSince(ledger, 'trials') };
}

function oneTrial(
  situation: Situation,
  ledger: Ledger,
  { name }: MemberStanding,
  to: Release,
  trial: MemberTrial | undefined,
): Outcome {
  const kind = trial?.outcome.kind ?? 'pending';
  const release = showRelease(to);
  if (trial?.outcome.kind === 'refused') {
    const because = reason(
      'k8s.trial-start-refused',
      name,
      `${release} refuses the flags of ${name}.`,
      'Change the flags that it names, then resume the upgrade.',
      trial.outcome.lastLines,
    );
    return { decision: leave(situation, ledger, { kind: 'stop', because }) };
  }
  if (kind === 'passed' || kind === 'off') return { ledger };
  const couldNot = trial?.outcome.kind === 'could-not-run' ? trial.outcome.because : null;
  if (couldNot !== null && situation.input.acknowledged?.includes(trialCheck) === true) return { ledger };
  const waiting = withSince(ledger, 'trials', situation.input.now);
  const because = couldNot === null ? doesNotFinish(name, release) : couldNotRun(name, release, couldNot);
  if (lasted(waiting, 'trials', situation.nowMs) > limits.trialWaitMs)
    return { decision: leave(situation, withoutSince(waiting, 'trials'), { kind: 'stop', because }) };
  return { decision: wait(waiting, couldNot === null ? runsStill(name, release) : because, limits.lookAgainSlowlyMs) };
}

function runsStill(member: string, release: string): OperatorReason {
  const says = `The trial start of ${member} at ${release} has not finished.`;
  return reason('k8s.trial-start-running', member, says, 'It passes, usually within a minute.');
}

function doesNotFinish(member: string, release: string): OperatorReason {
  return reason(
    'k8s.trial-start-does-not-finish',
    member,
    `The trial start of ${member} at ${release} has not finished.`,
    'See the server log; free memory on its host, or switch the trial off for this cluster with the tag clusterlift:trial=off; then resume.',
  );
}

/** Nothing is touched before its trial has passed, and one that could not run has told nothing. It is tried again meanwhile. */
function couldNotRun(member: string, release: string, because: string): OperatorReason {
  return reason(
    'k8s.trial-start-could-not-run',
    member,
    `The trial start of ${member} at ${release} could not run: ${because}`,
    `It is tried again every minute. Free memory on its host or let it have more time; or do without: tag the cluster clusterlift:trial=off, or start the upgrade with ${trialCheck} acknowledged.`,
  );
}
