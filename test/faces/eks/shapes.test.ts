import { describe, expect, it } from 'vitest';
import { answerTroubles, errorTroubles } from './shapes.ts';

const update = { id: 'u', status: 'InProgress', type: 'VersionUpdate', params: [], createdAt: 1_764_000_000.5, errors: [] };

describe('the check of answers against the client’s schemas', () => {
  it('lets a good answer and its nulls through', () => {
    expect(answerTroubles('DescribeUpdate', { update: { ...update, cancellation: null } })).toEqual([]);
  });

  it.each([
    ['an unknown member', { update: { ...update, finishedAt: 1 } }, 'finishedAt: Update has no such member'],
    ['a word of no enum', { update: { ...update, status: 'Done' } }, 'status: Done is none of'],
    ['a moment as a text', { update: { ...update, createdAt: '2026-11-25T10:00:00Z' } }, 'is no moment in seconds'],
    ['a moment in milliseconds', { update: { ...update, createdAt: 1_764_000_000_500 } }, 'is no moment in seconds'],
    ['a number for a text', { update: { ...update, id: 7 } }, '7 is not a string'],
    ['a text for a list', { update: { ...update, errors: '' } }, 'errors: not a list'],
    ['a null in a list', { update: { ...update, errors: [null] } }, 'errors[0]: null'],
    ['a word of no enum in a list', { update: { ...update, params: [{ type: 'Odd', value: '' }] } }, 'type: Odd is none of'],
  ])('finds %s', (_, body, says) => {
    const troubles = answerTroubles('DescribeUpdate', body);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain(says);
  });

  it('finds a flag that is a text, deep in a cluster', () => {
    const logging = { clusterLogging: [{ types: ['api', 'odd'], enabled: 'true' }] };
    expect(answerTroubles('DescribeCluster', { cluster: { logging } })).toEqual([
      'DescribeCluster.cluster.logging.clusterLogging[0].types[1]: odd is none of api, audit, authenticator, controllerManager, scheduler',
      'DescribeCluster.cluster.logging.clusterLogging[0].enabled: "true" is not a boolean',
    ]);
  });

  it('finds an error with a missing member, another status, or a name that nobody knows', () => {
    const body = { clusterName: null, message: 'm' };
    expect(errorTroubles('X', 'InvalidStateException', 400, body)).toEqual([]);
    expect(errorTroubles('X', 'InvalidStateException', 409, body)).toEqual(['X: InvalidStateException with status 409, not 400']);
    expect(errorTroubles('X', 'InvalidStateException', 400, { message: 'm' })).toEqual([
      'X: InvalidStateException lacks clusterName',
    ]);
    expect(errorTroubles('X', 'OddException', 400, body)).toEqual(['X: OddException is not an error of this API']);
  });
});
