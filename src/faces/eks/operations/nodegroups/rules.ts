/** What this API lets a node group be; each rule is null where it is kept. */
import { type About, type ApiError, fail } from '../../errors.ts';
import type { ShownTaint } from '../../translate/nodegroup.ts';

export interface Scaling {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
}

export interface UpdateConfig {
  readonly maxUnavailable?: number;
  readonly maxUnavailablePercentage?: number;
  readonly updateStrategy?: string;
}

/** Where nothing is said of it. */
export const usualScaling: Scaling = { minSize: 1, maxSize: 2, desiredSize: 2 };
const nodesAtOnceMax = 100;
const reservedPrefixes = ['kubernetes.io/', 'k8s.io/', 'eks.amazonaws.com/'];
const taintsMax = 50;
const namePattern = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const prefixPattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export function scalingTrouble({ minSize, maxSize, desiredSize }: Scaling, about: About): ApiError | null {
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  if (minSize > desiredSize) return refuse(`Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`);
  if (desiredSize > maxSize) return refuse(`desired capacity ${desiredSize} can't be greater than max size ${maxSize}`);
  return null;
}

export function updateConfigTrouble(config: UpdateConfig, about: About): ApiError | null {
  const { maxUnavailable, maxUnavailablePercentage } = config;
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  if (maxUnavailable !== undefined && maxUnavailablePercentage !== undefined)
    return refuse('maxUnavailable and maxUnavailablePercentage cannot both be set.');
  if ((maxUnavailable ?? 1) > nodesAtOnceMax) return refuse(`maxUnavailable must be ${nodesAtOnceMax} or less.`);
  return null;
}

/** Nodes that may be replaced side by side: a part of the group is rounded down, and is one at least. */
export function maxUnavailableOf({ maxUnavailable, maxUnavailablePercentage }: UpdateConfig, desiredSize: number): number {
  if (maxUnavailablePercentage === undefined) return maxUnavailable ?? 1;
  return Math.max(1, Math.floor((maxUnavailablePercentage * desiredSize) / 100));
}

export function labelTrouble(labels: Readonly<Record<string, string>>, about: About): ApiError | null {
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  for (const [key, value] of Object.entries(labels)) {
    if (reservedPrefixes.some((prefix) => key.startsWith(prefix) || key.includes(`.${prefix}`)))
      return refuse(`Label cannot contain reserved prefixes [${reservedPrefixes.join(', ')}]`);
    if (!isKey(key)) return refuse('A label key is not a qualified name of Kubernetes.');
    if (!isValue(value)) return refuse('A label value is not one that Kubernetes takes.');
  }
  return null;
}

export function taintTrouble(taints: readonly ShownTaint[], about: About): ApiError | null {
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  if (taints.length > taintsMax) return refuse(`A node group has at most ${taintsMax} taints.`);
  for (const { key, value } of taints) {
    if (!isKey(key)) return refuse('A taint key is not a qualified name of Kubernetes.');
    if (!isValue(value ?? '')) return refuse('A taint value is not one that Kubernetes takes.');
  }
  const names = taints.map(({ key, effect }) => `${key} ${effect}`);
  return new Set(names).size === names.length ? null : refuse('A taint with the same key and effect is there twice.');
}

function isKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return namePattern.test(key);
  return prefixPattern.test(key.slice(0, slash)) && namePattern.test(key.slice(slash + 1));
}

function isValue(value: string): boolean {
  return value === '' || namePattern.test(value);
}
