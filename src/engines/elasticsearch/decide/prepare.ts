import {
  attemptsOf,
  catalogBuild,
  type Decision,
  type ElasticsearchCatalog,
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
import { act, wait } from './decision.ts';
import { leave } from './leave.ts';
import type { MemberStanding, Situation } from './situation.ts';

/** The check that tells of trials: whoever acknowledged it goes on without one that could not run. */
const trialCheck = 'es.trial-start-passed';

/** What must be in place on every host before a member is touched: artefacts and passed trials. Null: all of it is. */
export function prepare(situation: Situation, ledger: Ledger): Decision | null {
  return prefetchMissing(situation, ledger) ?? trialsOutstanding(situation, ledger);
}

function prefetchMissing(situation: Situation, ledger: Ledger): Decision | null {
  const wanted = situation.input.plan.hops.slice(situation.hopIndex).map(({ hop }) => hop.to);
  for (const key of new Set(situation.cluster.spec.nodes.map((node) => node.host))) {
    const host = situation.input.observation.hosts[key];
    if (host?.kind !== 'seen') {
      return wait(
        ledger,
        reason(
          'es.host-unreachable',
          key,
          `Host ${key} cannot be asked: ${host?.because ?? 'it is not configured'}.`,
          'The host answering again.',
        ),
        limits.lookAgainSlowlyMs,
      );
    }
    const missing = wanted.find((release) => !liesReady(situation.input.catalog, host.prefetched, release));
    if (missing === undefined) continue;
    const attempt = `prefetch ${key} ${releaseKey(missing)}`;
    if (attemptsOf(ledger, attempt) >= limits.prefetchAttempts) {
      return leave(situation, ledger, {
        kind: 'stop',
        because: reason(
          'es.artefact-not-available',
          key,
          `Host ${key} could not get ${showRelease(missing)}.`,
          'See the failed attempts above for the cause; mend the source or the catalog, then resume.',
        ),
      });
    }
    return act(withAttempt(ledger, attempt), 'prefetch', [], `Gets ${showRelease(missing)} ready on host ${key}.`, {
      host: key,
      version: missing.version,
      build: missing.build,
    });
  }
  return null;
}

/** A build without an artefact of its own runs from that of its version. */
function liesReady(catalog: ElasticsearchCatalog, prefetched: readonly string[], release: Release): boolean {
  const own = catalogBuild(catalog, release)?.artefacts !== undefined;
  return prefetched.includes(releaseKey(release)) || (!own && prefetched.includes(release.version));
}

function trialsOutstanding(situation: Situation, ledger: Ledger): Decision | null {
  const hops = situation.input.plan.hops.slice(situation.hopIndex).map(({ hop }) => hop.to);
  for (const member of situation.members.filter((candidate) => !candidate.lifted || !situation.lastHop)) {
    for (const release of hops) {
      const trial = situation.input.trials.find(
        (candidate) => candidate.key.member === member.name && sameRelease(candidate.key.release, release),
      );
      const decision = oneTrial(situation, ledger, member, showRelease(release), trial);
      if (decision !== null) return decision;
    }
  }
  return null;
}

function oneTrial(
  situation: Situation,
  ledger: Ledger,
  member: MemberStanding,
  release: string,
  trial: MemberTrial | undefined,
): Decision | null {
  const outcome = trial?.outcome.kind ?? 'pending';
  if (trial?.outcome.kind === 'refused') {
    return leave(situation, ledger, {
      kind: 'stop',
      because: reason(
        'es.trial-start-refused',
        member.name,
        `${release} refuses the settings of ${member.name}.`,
        'Change the settings that it names, then resume the upgrade.',
        trial.outcome.lastLines,
      ),
    });
  }
  if (outcome === 'passed' || outcome === 'off') return null;
  const couldNot = trial?.outcome.kind === 'could-not-run' ? trial.outcome.because : null;
  if (couldNot !== null && situation.input.acknowledged?.includes(trialCheck) === true) return null;
  const waiting = withSince(ledger, 'trials', situation.input.now);
  if (lasted(waiting, 'trials', situation.nowMs) > limits.trialWaitMs) {
    return leave(situation, withoutSince(waiting, 'trials'), {
      kind: 'stop',
      because: couldNot === null ? doesNotFinish(member.name, release) : couldNotRun(member.name, release, couldNot),
    });
  }
  if (couldNot !== null) return wait(waiting, couldNotRun(member.name, release, couldNot), limits.lookAgainSlowlyMs);
  return wait(
    waiting,
    reason(
      'es.trial-start-running',
      member.name,
      `The trial start of ${member.name} at ${release} has not finished.`,
      'It passes, usually within a minute.',
    ),
    limits.lookAgainSlowlyMs,
  );
}

function doesNotFinish(member: string, release: string): OperatorReason {
  return reason(
    'es.trial-start-does-not-finish',
    member,
    `The trial start of ${member} at ${release} has not finished.`,
    'See the server log; free memory on its host, or switch the trial off for this cluster with the tag clusterlift:trial=off; then resume.',
  );
}

/** Nothing is touched before its trial has passed, and one that could not run has told nothing. It is tried again meanwhile. */
function couldNotRun(member: string, release: string, because: string): OperatorReason {
  return reason(
    'es.trial-start-could-not-run',
    member,
    `The trial start of ${member} at ${release} could not run: ${because}`,
    `It is tried again every minute. Free memory on its host or let it have more time; or do without: tag the cluster clusterlift:trial=off, or start the upgrade with ${trialCheck} acknowledged.`,
  );
}
