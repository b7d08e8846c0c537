import type { SeenDeprecation } from '../../../domain/index.ts';
import { crossesMajor, type EsCheck, type Found, hazard, ofKnown, passedUnless, policy } from './check.ts';
import { aheadOf } from './next-major.ts';

/** What a cluster says of itself is about the major after its own: for other hops it says nothing. */
export const deprecationsAreClear: EsCheck = {
  id: 'es.deprecations-are-clear',
  asks: 'Does the cluster itself see nothing in its way to the next major version?',
  scope: 'every-hop',
  run: (context) => {
    const { hop, seen } = context;
    if (!crossesMajor(hop))
      return { kind: 'not-applicable', because: `${hop.from.version} and ${hop.to.version} are of one major version` };
    return ofKnown(seen.deprecations, (items) => {
      if (aheadOf(context) === 'too-far')
        return { kind: 'not-applicable', because: `the cluster can tell only once it runs ${hop.from.version}` };
      const findings = findingsOf(items, hop.to.version);
      return findings.length === 0 && aheadOf(context) === 'later'
        ? { kind: 'not-applicable', because: `nothing is told yet; ${hop.from.version} sees more than what runs now` }
        : passedUnless(findings);
    });
  },
};

/** One finding for each critical message; warnings together, for they keep no node from starting. */
function findingsOf(items: readonly SeenDeprecation[], target: string): readonly Found[] {
  const critical = items.filter((item) => item.level === 'critical');
  const warnings = items.filter((item) => item.level === 'warning');
  const remedy = 'See GET /_migration/deprecations (_xpack/migration/deprecations before 7) for what to change.';
  return [
    ...critical.map((item) => hazard(item.subject, `${item.message} (critical for ${target})`, remedy)),
    ...(warnings.length === 0
      ? []
      : [
          policy(
            'cluster',
            `The cluster warns of ${warnings.length} uses that ${target} no longer has as they are.`,
            remedy,
            warnings.map((item) => `${item.subject}: ${item.message}`),
          ),
        ]),
  ];
}
