import { expect, test } from 'vitest';
import { policyOf } from '../../console/src/pages/keys/new-policy.ts';
import { allows, type PolicyDocument } from '../../src/domain/index.ts';
import { actionOf } from '../../src/faces/native/permission.ts';
import { operations } from '../../src/faces/native/routes.ts';

/** What the console's own pages read, so that whoever may only look sees all of them. */
const readByPages = [
  ...['listClusters', 'getCluster', 'observeCluster', 'listTrials', 'watchChanges'],
  ...['listUpgrades', 'getUpgrade', 'listEvents', 'getPlan', 'listReleases', 'listAccessKeys'],
];

test('a key that the console makes for looking may read what its pages show, and change nothing', () => {
  const made = policyOf('look', '');
  if (made.kind !== 'policy') throw new Error('it is a policy');
  const allowed = operations.filter((operation) => allows(made.policy as PolicyDocument, actionOf(operation), 'cluster/any'));
  const ids = allowed.map(({ id }) => id);
  expect(readByPages.filter((id) => !ids.includes(id))).toEqual([]);
  expect(allowed.filter(({ method }) => method !== 'GET').map(({ id }) => id)).toEqual([]);
  // It holds the key of an administrator.
  expect(ids).not.toContain('takeKubeconfig');
});
