import { expect, test } from 'vitest';
import type { AuditEntry } from './audit-query.ts';
import { clusterPageOf, fits, pageOf } from './looked-for.ts';

const entry: AuditEntry = {
  ...{
    id: '7',
    at: '2026-11-24T09:00:00.000Z',
    keyId: 'LTAIone',
    via: 'session',
    face: 'native',
    action: 'clusterlift:StartUpgrade',
  },
  ...{ about: 'cluster/logs', made: '/upgrades/8a1f', status: 422, code: 'obstacles', requestId: 'req-1', address: '127.0.0.1' },
};

test.each([
  ['', true],
  ['startupgrade logs', true],
  ['LTAIONE 422', true],
  ['logs eks', false],
])('for %j it is shown: %s', (words, isShown) => {
  expect(fits(entry, words)).toBe(isShown);
});

test('what was made is a click away where it has a page', () => {
  expect(pageOf('/upgrades/8a1f')).toBe('/upgrades/8a1f');
  expect(pageOf('/clusters/es-cn-1')).toBe('/clusters/es-cn-1');
  expect(pageOf('/plans/8a1f')).toBe(null);
  expect(pageOf(null)).toBe(null);
});

test('the cluster of a call is a click away where the call names it by its id', () => {
  expect(clusterPageOf({ ...entry, about: 'cluster/es-cn-1' })).toBe('/clusters/es-cn-1');
  expect(clusterPageOf({ ...entry, about: 'cluster/logs', action: 'clusterlift:AddCluster' })).toBe(null);
  expect(clusterPageOf({ ...entry, about: 'arn:aws:eks:local:1:cluster/logs', face: 'eks' })).toBe(null);
  expect(clusterPageOf({ ...entry, about: 'key/LTAIone' })).toBe(null);
});
