import { crossesMajor, type EsCheck, hazard, ofKnown, passedUnless } from './check.ts';
import { aheadOf } from './next-major.ts';

/** Indices of Elasticsearch's own features are copied by Elasticsearch itself; while that runs nothing may hold replicas back. */
export const systemFeaturesAreMigrated: EsCheck = {
  id: 'es.system-features-are-migrated',
  asks: 'Are the indices of Elasticsearch’s own features in the form that the target opens?',
  scope: 'every-hop',
  run: (context) => {
    const { hop, hopIndex, seen } = context;
    return ofKnown(seen.systemFeatures, (state) => {
      if (state === 'in-progress' && hopIndex === 0)
        return passedUnless([
          hazard(
            'system features',
            'Their migration is going on: an upgrade in the middle of it can lose what is being copied.',
            'Wait until GET /_migration/system_features says NO_MIGRATION_NEEDED.',
          ),
        ]);
      if (!crossesMajor(hop))
        return { kind: 'not-applicable', because: `${hop.from.version} and ${hop.to.version} are of one major version` };
      if (aheadOf(context) === 'too-far')
        return { kind: 'not-applicable', because: `the cluster can tell only once it runs ${hop.from.version}` };
      if (state === 'no-migration-needed') return { kind: 'passed' };
      return passedUnless([
        hazard(
          'system features',
          state === 'error'
            ? `Their migration has failed; ${hop.to.version} does not open them as they are.`
            : `Their indices must be migrated before ${hop.to.version}.`,
          'POST /_migration/system_features, and wait until GET says NO_MIGRATION_NEEDED.',
        ),
      ]);
    });
  },
};
