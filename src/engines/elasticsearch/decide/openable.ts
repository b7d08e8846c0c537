import { catalogRelease, type Decision, type Ledger, reason, type SeenElasticsearch } from '../../../domain/index.ts';
import { leave } from './leave.ts';
import type { Situation } from './situation.ts';

/** More names than these are counted, not listed. */
const namesShown = 20;

/**
 * One index that the target cannot open, a closed one too, keeps every new node out of the cluster. A route may be started
 * while such indices are there for a later hop; here, before a member of that hop is taken, a person is asked.
 */
export function openableByTarget(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision | null {
  const { version } = situation.hop.to;
  const oldest = catalogRelease(situation.input.catalog, version)?.oldestIndexMajor ?? 0;
  const tooOld = seen.indices.filter((index) => index.createdMajor < oldest);
  if (tooOld.length === 0) return null;
  const names = tooOld.slice(0, namesShown).map((index) => index.name);
  const more = tooOld.length > namesShown ? ` and ${tooOld.length - namesShown} more` : '';
  return leave(situation, ledger, {
    kind: 'stop',
    because: reason(
      'es.index-too-old',
      names.join(', '),
      `${version} opens indices from ${oldest}.0 on; ${names.join(', ')}${more} ${tooOld.length === 1 ? 'is' : 'are'} older.`,
      'Copy each into a new index (reindex, or scroll and bulk), delete it or put an alias in its place, then resume the upgrade.',
      tooOld.slice(0, namesShown).map((index) => `${index.name} (${index.state}) was created in ${index.createdVersion}`),
    ),
  });
}
