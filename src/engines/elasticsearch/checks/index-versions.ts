import { catalogRelease, type SeenIndex } from '../../../domain/index.ts';
import { type EsCheck, type Found, hazard, heldAtItsHop, hopText, passedUnless } from './check.ts';

/** One index that is too old, closed and hidden ones too, keeps every node of the new version out of the cluster. */
export const indexVersions: EsCheck = {
  id: 'es.index-versions',
  asks: 'Was every index, closed ones too, created in a version that the target still opens?',
  scope: 'every-hop',
  run: ({ catalog, seen, hop, hopIndex }) => {
    const release = catalogRelease(catalog, hop.to.version);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${hop.to.version}` };
    const oldest = release.oldestIndexMajor;
    const untold = seen.indices.filter((index) => index.createdMajor === 0);
    const tooOld = seen.indices.filter((index) => index.createdMajor > 0 && index.createdMajor < oldest);
    if (tooOld.length === 0 && untold.length > 0) {
      const names = untold.map((index) => index.name).join(', ');
      return { kind: 'could-not-run', because: `the cluster does not tell in which version ${names} was created` };
    }
    return passedUnless(tooOld.map((index) => heldAtItsHop(hopIndex, tooOldFor(index, oldest, hop.to.version, hopText(hop)))));
  },
};

function tooOldFor(index: SeenIndex, oldest: number, target: string, hop: string): Found {
  const closed = index.state === 'close' ? ' (closed; open it to copy it)' : '';
  return hazard(
    `index ${index.name}`,
    `${index.name}${closed} was created in ${index.createdVersion}; ${target} opens indices from ${oldest}.0 on.`,
    `Before the hop ${hop}, while the cluster runs ${oldest}.x, copy it into a new index (reindex, or scroll and bulk); then let an alias of its name take its place (POST /_aliases with remove_index and add).`,
  );
}
