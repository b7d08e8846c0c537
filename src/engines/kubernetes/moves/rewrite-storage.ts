import { Type } from 'typebox';
import { type Answer, type KubernetesClient, listReader, type Page, reader, trouble } from '../client/index.ts';
import { done, failed, type Perform } from './move.ts';
import { readyApiserver } from './ready-apiserver.ts';

const pageSize = 200;
/** Objects written side by side: an upgrade is no reason to slow the cluster's own clients down. */
const atOnce = 4;
/** A list that grows while it is read is not read for ever. */
const pagesMax = 5_000;
/** How often a list is begun again because the server no longer knows the page that was next. */
const listStarts = 3;
const namesShown = 10;
/** These go by themselves within the hour, and are written in one form in every version. */
const leftAlone = new Set(['events', 'events.events.k8s.io']);

const Groups = reader(
  'the groups of the API',
  Type.Object({
    groups: Type.Array(
      Type.Object({
        name: Type.String(),
        preferredVersion: Type.Object({ groupVersion: Type.String() }),
        versions: Type.Array(Type.Object({ groupVersion: Type.String() })),
      }),
    ),
  }),
);
const Resources = reader(
  'the resources of a group',
  Type.Object({
    resources: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        verbs: Type.Array(Type.String()),
        namespaced: Type.Boolean(),
        storageVersionHash: Type.Optional(Type.String()),
      }),
    ),
  }),
);
const Objects = listReader(
  'objects',
  Type.Object({
    metadata: Type.Object({ name: Type.String(), namespace: Type.Optional(Type.String()) }),
  }),
);

interface Kept {
  readonly groupVersion: string;
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface Tally {
  written: number;
  /** Somebody else wrote it or took it away meanwhile, which is as good. */
  passedOver: number;
  readonly wrong: string[];
}

/**
 * Writes every object that is kept in etcd back as it is: the apiserver stores it anew where it was stored in another
 * version than it stores in now, and leaves it where nothing would change.
 */
export const rewriteStorage: Perform = async (move, context, io) => {
  const client = await readyApiserver(context.cluster, io);
  const kept = await whatIsKept(client);
  if (kept.kind !== 'ok') return failed(`It could not be found out what is stored: ${trouble(kept)}`);
  const tally: Tally = { written: 0, passedOver: 0, wrong: [] };
  for (const resource of kept.value) {
    if (context.signal.aborted) return failed('Writing stored objects back was cut off.');
    const ended = await rewriteAll(client, resource, tally, context.signal);
    if (ended !== null) return failed(`${resource.name} of ${resource.groupVersion} could not be listed: ${ended}`);
  }
  if (tally.wrong.length > 0)
    return failed(
      `${tally.wrong.length} objects could not be written back: ${tally.wrong.slice(0, namesShown).join('; ')}`,
      tally.wrong.slice(0, namesShown),
    );
  return done(
    `${tally.written} objects of ${kept.value.length} resources written back as ${move.parameters.version} stores them` +
      `${tally.passedOver === 0 ? '' : `; ${tally.passedOver} were written by others meanwhile`}.`,
  );
};

/** Each resource once, in the version that its group prefers where that has it. What is not kept in etcd has no hash. */
async function whatIsKept(client: KubernetesClient): Promise<Answer<readonly Kept[]>> {
  const groups = await client.get('/apis', Groups);
  if (groups.kind !== 'ok') return groups;
  const found = new Map<string, Kept>();
  const ordered = [
    { name: '', groupVersions: ['v1'] },
    ...groups.value.groups.map(({ name, preferredVersion, versions }) => ({
      name,
      groupVersions: [...new Set([preferredVersion.groupVersion, ...versions.map(({ groupVersion }) => groupVersion)])],
    })),
  ];
  for (const { name: group, groupVersions } of ordered) {
    for (const groupVersion of groupVersions) {
      const listed = await client.get(pathOf(groupVersion), Resources);
      // A group of somebody else's server: what it stores is its own business, and 503 while that is away.
      if (listed.kind === 'status' && (listed.status === 404 || listed.status === 503)) continue;
      if (listed.kind !== 'ok') return listed;
      for (const { name, kind, verbs, namespaced, storageVersionHash } of listed.value.resources) {
        const key = group === '' ? name : `${name}.${group}`;
        const writable = verbs.includes('list') && verbs.includes('update') && storageVersionHash !== undefined;
        if (writable && !found.has(key) && !leftAlone.has(key)) found.set(key, { groupVersion, name, kind, namespaced });
      }
    }
  }
  return { kind: 'ok', value: [...found.values()] };
}

/** Null when every page was gone through; else why not. */
async function rewriteAll(client: KubernetesClient, resource: Kept, tally: Tally, signal: AbortSignal): Promise<string | null> {
  const path = `${pathOf(resource.groupVersion)}/${resource.name}`;
  let next: string | null = null;
  let starts = 1;
  for (let pages = 0; pages < pagesMax && !signal.aborted; pages += 1) {
    const page: Answer<Page<Stored>> = await client.page(path, Objects, next, { pageSize });
    if (page.kind === 'status' && page.status === 410 && starts < listStarts) {
      starts += 1;
      next = null;
      continue;
    }
    if (page.kind === 'status' && page.status === 404) return null;
    if (page.kind !== 'ok') return trouble(page);
    for (let first = 0; first < page.value.items.length; first += atOnce) {
      await Promise.all(page.value.items.slice(first, first + atOnce).map((object) => rewrite(client, resource, object, tally)));
    }
    next = page.value.next;
    if (next === null) return null;
  }
  return signal.aborted ? 'it was cut off' : `there are more than ${pagesMax * pageSize} of them`;
}

type Stored = { readonly metadata: { readonly name: string; readonly namespace?: string | undefined } };

async function rewrite(client: KubernetesClient, resource: Kept, object: Stored, tally: Tally): Promise<void> {
  const { name, namespace } = object.metadata;
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const path = `${pathOf(resource.groupVersion)}${within}/${resource.name}/${encodeURIComponent(name)}`;
  // What a list holds names neither its version nor its kind.
  const answer = await client.put(path, { ...object, apiVersion: resource.groupVersion, kind: resource.kind });
  if (answer.kind === 'ok') tally.written += 1;
  else if (answer.kind === 'status' && (answer.status === 404 || answer.status === 409)) tally.passedOver += 1;
  else tally.wrong.push(`${resource.name} ${namespace === undefined ? name : `${namespace}/${name}`}: ${trouble(answer)}`);
}

function pathOf(groupVersion: string): string {
  return groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
}
