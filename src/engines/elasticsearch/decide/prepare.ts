import {
  attemptsOf,
  catalogBuild,
  type Decision,
  type ElasticsearchCatalog,
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
import { act, wait } from './decision.ts';
import { leave } from './leave.ts';
import type { Situation } from './situation.ts';

/** What must be in place on every host before a member is touched: artefacts and passed trials. Null: all of it is. */
export function prepare(situation: Situation, ledger: Ledger): Decision | null {
  return prefetchMissing(situation, ledger) ?? trialsOutstanding(situation, ledger);
}

function prefetchMissing(situation: Situation, ledger: Ledger): Decision | null {
  const wanted = situation.input.plan.hops.slice(situation.hopIndex).map(({ hop }) => hop.to);
  for (const key of new Set(situation.cluster.spec.nodes.map((node) => node.host))) {
    const decision = prefetchOn(situation, ledger, key, wanted);
    if (decision !== null) return decision;
  }
  return null;
}

/** Has the first of these releases fetched that the host does not have. Null: it has them all. */
export function prefetchOn(situation: Situation, ledger: Ledger, key: string, wanted: readonly Release[]): Decision | null {
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
  if (missing === undefined) return null;
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

/** A build without an artefact of its own runs from that of its version. */
function liesReady(catalog: ElasticsearchCatalog, prefetched: readonly string[], release: Release): boolean {
  const own = catalogBuild(catalog, release)?.artefacts !== undefined;
  return prefetched.includes(releaseKey(release)) || (!own && prefetched.includes(release.version));
}

function trialsOutstanding(situation: Situation, ledger: Ledger): Decision | null {
  const { input, hopIndex, members, lastHop } = situation;
  const releases = input.plan.hops.slice(hopIndex).map(({ hop }) => hop.to);
  for (const { name } of members.filter((candidate) => !candidate.lifted || !lastHop)) {
    for (const release of releases) {
      const standing = trialStanding(trialWords, name, release, input.trials, input.acknowledged ?? []);
      if (standing.kind === 'goes-on') continue;
      if (standing.kind === 'refused') return leave(situation, ledger, { kind: 'stop', because: standing.because });
      const waiting = withSince(ledger, 'trials', input.now);
      if (lasted(waiting, 'trials', situation.nowMs) <= limits.trialWaitMs)
        return wait(waiting, standing.because, limits.lookAgainSlowlyMs);
      return leave(situation, withoutSince(waiting, 'trials'), { kind: 'stop', because: standing.inTheEnd });
    }
  }
  return null;
}
