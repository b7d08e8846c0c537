/** The kinds of objects that a release serves. */
import { createHash } from 'node:crypto';
import { builtin } from './builtin.ts';
import type { ApiserverProcess, ResourceKey, World } from './model.ts';
import { listOf } from './store.ts';

export interface ResourceVersionOf {
  readonly version: string;
  /** First minor that serves it, `1.37`. */
  readonly since?: string;
  /** In its first minor it is kept as this one, which the minor before reads. */
  readonly firstStoredAs?: string;
  /** First minor that does not serve it any more. */
  readonly until?: string;
  /** Off unless betas were asked for. */
  readonly beta?: boolean;
  /** A request for it is counted and warned of; what stands here is the minor that it goes with, or empty. */
  readonly deprecated?: { readonly removed: string; readonly says: string };
}

export interface ResourceType {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly versions: readonly ResourceVersionOf[];
  readonly subresources: readonly string[];
  /** It is asked only, and never kept: reviews. */
  readonly verbs?: readonly string[];
  /** The version that objects are written in; absent: the first that is served. */
  readonly storage?: string;
  /**
   * Made of what there is when it is asked for. Real clusters have it of a server that is installed in them: one that is
   * registered comes first, and nothing of ours stands where it is to be registered.
   */
  readonly measured?: boolean;
  /** Of somebody's own definition. */
  readonly custom?: boolean;
}

export const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function resourceKey({ group, resource }: Pick<ResourceType, 'group' | 'resource'>): ResourceKey {
  return `${group}/${resource}`;
}

/** Every resource that an apiserver serves, with those of its versions that it does: its emulated minor decides. */
export function servedBy(world: World, apiserver: ApiserverProcess): readonly ResourceType[] {
  const served = builtin.flatMap((type) => {
    const versions = type.versions.filter((version) => isServed(version, apiserver));
    return versions.length === 0 ? [] : [{ ...type, versions, ...firstStorage(versions[0], apiserver) }];
  });
  return [...served, ...customResources(world)];
}

function firstStorage(best: ResourceVersionOf | undefined, { emulated }: ApiserverProcess): Pick<ResourceType, 'storage'> {
  return best?.firstStoredAs !== undefined && best.since === emulated ? { storage: best.firstStoredAs } : {};
}

function isServed({ since, until, beta = false }: ResourceVersionOf, { emulated, betas }: ApiserverProcess): boolean {
  if (beta && !betas) return false;
  return (since === undefined || minor(emulated) >= minor(since)) && (until === undefined || minor(emulated) < minor(until));
}

function minor(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}

export function groupVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** As the real one makes it, of what it stores a kind as. */
export function storageVersionHash({ group, kind, versions, storage }: ResourceType): string {
  const version = storage ?? versions[0]?.version ?? 'v1';
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

export const definitions = 'apiextensions.k8s.io/customresourcedefinitions';

interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: {
    readonly plural: string;
    readonly kind: string;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
  };
  readonly versions: readonly {
    readonly name: string;
    readonly served: boolean;
    readonly storage: boolean;
    readonly subresources?: { readonly status?: object; readonly scale?: object };
  }[];
}

function customResources(world: World): readonly ResourceType[] {
  return listOf(world, definitions).flatMap(({ object }): readonly ResourceType[] => {
    const { group, names, scope, versions } = object.spec as DefinitionSpec;
    const { conditions = [] } = (object.status ?? {}) as { readonly conditions?: readonly { type: string; status: string }[] };
    const established = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
    const served = versions.filter((version) => version.served);
    if (!established || served.length === 0) return [];
    return [
      {
        group,
        resource: names.plural,
        kind: names.kind,
        namespaced: scope === 'Namespaced',
        ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
        ...(names.categories === undefined ? {} : { categories: names.categories }),
        versions: served.map(({ name }) => ({ version: name })),
        subresources: versions.some(({ subresources }) => subresources?.status !== undefined) ? ['status'] : [],
        storage: versions.find(({ storage }) => storage)?.name ?? 'v1',
        custom: true,
      },
    ];
  });
}
