import { compareVersions } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { foundOrUnknown, hazard, type KubernetesCheck, ofTheWayBack, passedUnless, policy } from './check.ts';

const days = limits.rollbackWindowMs / (24 * 60 * 60_000);

export const rollbackWithinSevenDays: KubernetesCheck = {
  id: 'k8s.rollback-within-seven-days',
  asks: 'Was the cluster lifted to its minor within the last seven days?',
  scope: 'every-hop',
  run: ofTheWayBack(({ history, hop, now }) => {
    const lifts = history.filter(({ status, from, to }) => status === 'done' && from.version !== to.version);
    const [last] = lifts;
    const remedy = 'Accept it: what was stored since in versions of the newer minor is written once more.';
    if (last === undefined || last.to.version !== hop.from.version || compareVersions(last.from.version, last.to.version) > 0)
      return passedUnless([policy('cluster', `No upgrade has brought it to ${hop.from.version}.`, remedy)]);
    const agoMs = Date.parse(now) - Date.parse(last.endedAt);
    if (agoMs <= limits.rollbackWindowMs) return passedUnless([]);
    const says = `It was lifted to ${hop.from.version} at ${last.endedAt}, more than ${days} days ago.`;
    return passedUnless([policy('cluster', says, remedy)]);
  }),
};

export const notBelowFirstVersion: KubernetesCheck = {
  id: 'k8s.not-below-first-version',
  asks: 'Does the cluster stay at the version that it was made with, or above?',
  scope: 'every-hop',
  run: ofTheWayBack(({ cluster, hop }) => {
    const { firstVersion } = cluster.spec;
    if (compareVersions(hop.to.version, firstVersion) >= 0) return passedUnless([]);
    const says = `It was made with ${firstVersion}: no data of ${hop.to.version} was ever in it.`;
    return passedUnless([hazard('cluster', says, `${firstVersion} is the oldest that it goes back to.`)]);
  }),
};

/**
 * Objects that are stored in a newer version of an API that both minors serve need no finding: before an old program starts,
 * everything is written once more while every apiserver behaves as the old minor (`moves/rewrite-storage.ts`), and where that
 * fails the rollback goes back by itself.
 */
export const rollbackHidesNothing: KubernetesCheck = {
  id: 'k8s.rollback-hides-nothing',
  asks: 'Are there no objects of APIs that the older minor does not serve?',
  scope: 'every-hop',
  run: ofTheWayBack(({ seen, hop, observation }) =>
    foundOrUnknown(
      seen.newerObjects
        .filter(({ names }) => names.length > 0)
        .map(({ api, names }) =>
          policy(
            `api ${api}`,
            `${hop.to.version} does not serve ${api}: ${names.length} of its objects are hidden until the cluster is lifted again.`,
            'Delete them, or accept that they are hidden.',
            names,
          ),
        ),
      observation,
      'newerObjects',
    ),
  ),
};
