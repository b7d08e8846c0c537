import { catalogRelease } from '../../../domain/index.ts';
import { type EsCheck, hazard, heldAtItsHop, passedUnless } from './check.ts';

/** One index that is too old, closed ones too, keeps every node of the new version out of the cluster. */
export const indexVersions: EsCheck = {
  id: 'es.index-versions',
  asks: 'Was every index, closed ones too, created in a version that the target still opens?',
  scope: 'every-hop',
  run: ({ catalog, seen, hop, hopIndex }) => {
    const release = catalogRelease(catalog, hop.to.version);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${hop.to.version}` };
    return passedUnless(
      seen.indices
        .filter((index) => index.createdMajor < release.oldestIndexMajor)
        .map((index) =>
          heldAtItsHop(
            hopIndex,
            hazard(
              `index ${index.name}`,
              `${index.name} was created in ${index.createdVersion}; ${hop.to.version} opens indices from ${release.oldestIndexMajor}.0 on.`,
              `Before the hop to ${hop.to.version}, copy it into a new index (reindex, or scroll and bulk) while the cluster runs ${release.oldestIndexMajor}.x or later, then delete it or put an alias in its place.`,
            ),
          ),
        ),
    );
  },
};
