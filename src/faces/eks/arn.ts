/** Names of things as AWS writes them. */
import { createHash } from 'node:crypto';
import type { Caller } from '../../domain/index.ts';

/** Where a request is answered: the caller's account, and the region that the signature is for. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const partitions: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^us-iso-/, 'aws-iso'],
  [/^eusc-/, 'aws-eusc'],
];

export function partitionOf(region: string): string {
  return partitions.find(([pattern]) => pattern.test(region))?.[1] ?? 'aws';
}

/** Accounts have twelve digits at AWS and sixteen at Alibaba Cloud; clients check the form. Any other is given twelve of its own. */
export function accountId(account: string): string {
  if (/^\d{12}$/.test(account)) return account;
  const digest = createHash('sha256').update(account).digest('hex').slice(0, 15);
  return String(BigInt(`0x${digest}`) % 10n ** 12n).padStart(12, '0');
}

/** A key stands for a user of its name. */
export function callerArn({ keyId, account }: Caller): string {
  return `arn:aws:iam::${accountId(account)}:user/${keyId}`;
}

export function eksArn({ account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:eks:${region}:${accountId(account)}:${resource}`;
}

export function clusterArn(place: Place, name: string): string {
  return eksArn(place, `cluster/${name}`);
}

/** `id` is the same for the same group as long as it exists. */
export function nodegroupArn(place: Place, cluster: string, nodegroup: string, id: string): string {
  return eksArn(place, `nodegroup/${cluster}/${nodegroup}/${id}`);
}

export type NamedResource =
  | { readonly kind: 'cluster'; readonly cluster: string }
  | { readonly kind: 'nodegroup'; readonly cluster: string; readonly nodegroup: string; readonly id: string };

/** What an ARN names, where it is of this place; `elsewhere` for one of another account or region, null for none of EKS. */
export function readArn(place: Place, arn: string): NamedResource | 'elsewhere' | null {
  const found = /^arn:(aws[a-z-]*):eks:([a-z0-9-]+):(\d{12}):(.+)$/.exec(arn);
  if (found === null) return null;
  const [, partition, region, account, resource = ''] = found;
  const named = namedResource(resource);
  if (named === null) return null;
  const here = partition === partitionOf(place.region) && region === place.region && account === accountId(place.account);
  return here ? named : 'elsewhere';
}

/** Only in the one spelling that policies know it by: another one of the same thing would be forbidden by none of them. */
function namedResource(resource: string): NamedResource | null {
  const [kind, cluster = '', nodegroup = '', id, ...more] = resource.split('/');
  if (kind === 'cluster' && cluster !== '' && resource === `cluster/${cluster}`) return { kind, cluster };
  if (kind !== 'nodegroup' || cluster === '' || nodegroup === '' || id === undefined || more.length > 0) return null;
  return { kind, cluster, nodegroup, id };
}
