import {
  attemptsOf,
  catalogBuild,
  type KubernetesCatalog,
  type Ledger,
  lasted,
  type Release,
  reason,
  releaseKey,
  showRelease,
  trialStanding,
  withAttempt,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { trialWords } from '../trial-words.ts';
import { etcdTarget } from './course.ts';
import { act, wait } from './decision.ts';
import { leave } from './leave.ts';
import type { Outcome } from './outcome.ts';
import { ofComponent, type Situation } from './situation.ts';

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
  const { input, hop } = situation;
  for (const { name } of ofComponent(situation, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')) {
    const standing = trialStanding(trialWords, name, hop.to, input.trials, input.acknowledged ?? []);
    if (standing.kind === 'goes-on') continue;
    if (standing.kind === 'refused') return { decision: leave(situation, ledger, { kind: 'stop', because: standing.because }) };
    const waiting = withSince(ledger, 'trials', input.now);
    if (lasted(waiting, 'trials', situation.nowMs) <= limits.trialWaitMs)
      return { decision: wait(waiting, standing.because, limits.lookAgainSlowlyMs) };
    return { decision: leave(situation, withoutSince(waiting, 'trials'), { kind: 'stop', because: standing.inTheEnd }) };
  }
  return { ledger: withoutSince(ledger, 'trials') };
}
