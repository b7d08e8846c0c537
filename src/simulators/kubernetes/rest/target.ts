import { type ResourceType, type ResourceVersionOf, servedBy } from '../world/index.ts';
import type { Ask } from './message.ts';

/** What a request is about. */
export interface Target {
  readonly type: ResourceType;
  readonly version: ResourceVersionOf;
  /** Empty: all of them, or it is in none. */
  readonly namespace: string;
  /** Empty: the collection. */
  readonly name: string;
  readonly subresource: string;
  readonly groupVersion: string;
}

/** Null: nothing like it is served. */
export function targetOf(ask: Ask, words: readonly string[]): Target | null {
  const [root, ...rest] = words;
  const [group, versionName, ...where] = root === 'api' ? ['', ...rest] : rest;
  if ((root !== 'api' && root !== 'apis') || group === undefined || versionName === undefined) return null;
  const groupVersion = group === '' ? versionName : `${group}/${versionName}`;
  const inNamespace = where[0] === 'namespaces' && where.length > 2 && !isOfNamespaceItself(group, where);
  const namespace = inNamespace ? (where[1] ?? '') : '';
  const [resource, name = '', ...subs] = inNamespace ? where.slice(2) : where;
  if (resource === undefined) return null;
  const type = servedBy(ask.world, ask.apiserver).find((one) => one.group === group && one.resource === resource);
  const version = type?.versions.find((one) => one.version === versionName);
  if (type === undefined || version === undefined) return null;
  if (type.namespaced !== inNamespace && (inNamespace || name !== '')) return null;
  const subresource = subs.join('/');
  if (subresource !== '' && !type.subresources.includes(subresource)) return null;
  return { type, version, namespace, name, subresource, groupVersion };
}

/** `/api/v1/namespaces/app/status`. */
function isOfNamespaceItself(group: string, where: readonly string[]): boolean {
  return group === '' && where.length === 3 && ['status', 'finalize'].includes(where[2] ?? '');
}
