import { describe, expect, it } from 'vitest';
import { accountId, callerArn, clusterArn, nodegroupArn, readArn } from './arn.ts';

const place = { account: '123456789012', region: 'eu-central-1' };

describe('ARNs', () => {
  it('are of the partition of their region', () => {
    const arns = ['eu-central-1', 'cn-north-1', 'us-gov-west-1'].map((region) => clusterArn({ ...place, region }, 'c'));
    expect(arns.map((arn) => arn.split(':')[1])).toEqual(['aws', 'aws-cn', 'aws-us-gov']);
  });

  it('have twelve digits for every account, always the same for the same one', () => {
    expect(accountId('123456789012')).toBe('123456789012');
    expect(accountId('1234567890123456')).toMatch(/^\d{12}$/);
    expect(accountId('main')).toBe(accountId('main'));
    expect(accountId('main')).not.toBe(accountId('other'));
    expect(callerArn({ keyId: 'AKIA1', account: '123456789012', policy: null })).toBe('arn:aws:iam::123456789012:user/AKIA1');
  });

  it('are read back to what they name', () => {
    expect(readArn(place, clusterArn(place, 'c'))).toEqual({ kind: 'cluster', cluster: 'c' });
    expect(readArn(place, nodegroupArn(place, 'c', 'g', 'u'))).toEqual({
      kind: 'nodegroup',
      cluster: 'c',
      nodegroup: 'g',
      id: 'u',
    });
    expect(readArn({ ...place, region: 'us-east-1' }, clusterArn(place, 'c'))).toBe('elsewhere');
    for (const odd of [
      '',
      'c',
      'arn:aws:eks:eu-central-1:123456789012:cluster/',
      'arn:aws:eks:eu-central-1:123456789012:nodegroup/c/g',
      'arn:aws:eks:eu-central-1:123456789012:nodegroup/c/g/u/v',
      'arn:aws:eks:eu-central-1:123456789012:cluster/c/',
      'arn:aws:eks:eu-central-1:123456789012:cluster/c//x',
    ])
      expect(readArn(place, odd)).toBeNull();
  });
});
