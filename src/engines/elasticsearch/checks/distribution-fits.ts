import { catalogRelease, majorOf, type SeenElasticsearch } from '../../../domain/index.ts';
import type { EsCheck } from './check.ts';
import { hazard, passedUnless, policy } from './check.ts';

/** Modules that Elasticsearch itself has given up or built in, by the first major version without them. */
const givenUp: Readonly<Record<string, number>> = {
  'transport-netty3': 6,
  'lang-groovy': 6,
  tribe: 7,
  'aggs-matrix-stats': 8,
};

/**
 * One version comes in several distributions. A node of the smaller one starts, on empty data without a word; what the
 * cluster used of the larger one is missing only then.
 */
export const distributionFits: EsCheck = {
  id: 'es.distribution-fits',
  asks: 'Does the target’s artefact bring every module that the members have now?',
  scope: 'every-hop',
  run: ({ catalog, seen, hop, hopIndex }) => {
    if (hop.from.version === hop.to.version) return { kind: 'not-applicable', because: 'the version stays, and its artefact' };
    const target = catalogRelease(catalog, hop.to.version)?.distribution;
    const now = hopIndex === 0 ? seenDistribution(seen) : catalogRelease(catalog, hop.from.version)?.distribution;
    if (target === undefined || now === undefined) {
      const version = target === undefined ? hop.to.version : hop.from.version;
      return { kind: 'could-not-run', because: `the catalog does not say what the artefact of ${version} holds` };
    }
    const lost = now.modules.filter(
      (name) => !target.modules.includes(name) && majorOf(hop.to.version) < (givenUp[name] ?? Number.POSITIVE_INFINITY),
    );
    const remedy = `Name a fuller distribution of ${hop.to.version} in a catalog of your own, or go on where nothing uses what is missing.`;
    if (now.flavor === 'default' && target.flavor === 'oss')
      return passedUnless([
        hazard(
          'distribution',
          `The members run the default distribution; the artefact of ${hop.to.version} is the OSS one, which cannot read what the other wrote.`,
          `Name the default distribution of ${hop.to.version} in a catalog of your own.`,
        ),
      ]);
    return passedUnless(
      lost.length === 0
        ? []
        : [
            policy(
              `modules ${lost.join(', ')}`,
              `The artefact of ${hop.to.version} does not bring ${lost.length === 1 ? 'this module' : 'these modules'}: scripts, processors, field types, analyzers and calls of theirs stop working.`,
              remedy,
            ),
          ],
    );
  },
};

function seenDistribution({ nodes }: SeenElasticsearch) {
  return {
    flavor: nodes.some((node) => node.flavor === 'default') ? 'default' : 'oss',
    modules: [...new Set(nodes.flatMap((node) => node.modules))].sort(),
  };
}
