/** Reading, making, changing and taking away objects. */
import {
  changeObject,
  deleteObject,
  type KubeObject,
  listOf,
  makeObject,
  newSuffix,
  type ResourceType,
  read,
  remove,
  resourceKey,
  type Stored,
} from '../world/index.ts';
import { admissionRefusal } from './admission.ts';
import { objectIn } from './body.ts';
import { choiceOf } from './choose.ts';
import { prepared } from './defaults.ts';
import { answerList } from './list-api.ts';
import type { ApiResponse, Ask } from './message.ts';
import { alreadyExists, badRequest, conflict, invalid, modified, notFound, ok } from './status.ts';
import { asTable, wantsTable } from './table.ts';
import type { Target } from './target.ts';
import { answerWatch } from './watch-api.ts';

/** As the version that was asked for shows it. */
export function shownAs({ type, groupVersion }: Target): (object: KubeObject) => KubeObject {
  return (object) => ({ ...object, apiVersion: groupVersion, kind: type.kind });
}

export function found({ world }: Ask, { type, namespace, name }: Target): Stored | undefined {
  return read(world, resourceKey(type), namespace, name);
}

export function missing({ type, name }: Target): ApiResponse {
  return notFound(type.group, type.resource, name);
}

export function readObjects(ask: Ask, target: Target): ApiResponse {
  const { query } = ask.request;
  const choice = choiceOf(query);
  if (typeof choice !== 'function') return badRequest(choice.wrong);
  const shown = shownAs(target);
  const watched = ['true', '1'].includes(query.get('watch') ?? '');
  const table = wantsTable(ask);
  if (watched) return answerWatch(ask, target, choice, table ? (object) => asTable(ask, target, [shown(object)], {}) : shown);
  if (target.name === '') return answerList(ask, target, choice);
  const one = found(ask, target);
  if (one === undefined) return missing(target);
  return ok(table ? asTable(ask, target, [shown(one.object)], {}) : shown(one.object));
}

export function createObject(ask: Ask, target: Target): ApiResponse {
  const { world, moment, request } = ask;
  const { type, namespace } = target;
  const parsed = objectIn(ask, target);
  if (parsed.kind === 'wrong') return parsed.answer;
  const { generateName } = parsed.object.metadata as { readonly generateName?: string };
  const name = parsed.object.metadata.name || (generateName === undefined ? '' : `${generateName}${newSuffix(moment.random)}`);
  if (name === '')
    return invalid(
      type.group,
      type.kind,
      '',
      'metadata.name',
      'Required value: name or generateName is required',
      'FieldValueRequired',
    );
  if (isNamedStrictly(type) && !subdomain.test(name))
    return invalid(type.group, type.kind, name, 'metadata.name', noSubdomain(name));
  if (read(world, resourceKey(type), namespace, name) !== undefined) return alreadyExists(type.group, type.resource, name);
  const object = prepared(type, withPlace(parsed.object, name, namespace));
  const refused = admissionRefusal(world, target, 'CREATE', object);
  if (refused !== null) return refused;
  if (request.query.has('dryRun')) return ok(shownAs(target)(object), 201);
  const made = makeObject(world, resourceKey(type), object, moment, type.storage ?? type.versions[0]?.version ?? 'v1');
  return ok(shownAs(target)(made), 201);
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Roles and registered APIs may have any name that fits into a path. */
function isNamedStrictly({ group }: ResourceType): boolean {
  return group !== 'rbac.authorization.k8s.io' && group !== 'apiregistration.k8s.io';
}

function noSubdomain(name: string): string {
  return `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
}

function withPlace(object: KubeObject, name: string, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, name, ...(namespace === '' ? {} : { namespace }) } };
}

export function updateObject(ask: Ask, target: Target): ApiResponse {
  const parsed = objectIn(ask, target);
  if (parsed.kind === 'wrong') return parsed.answer;
  const was = found(ask, target);
  if (was === undefined) return missing(target);
  return replace(ask, target, was, parsed.object);
}

/** Puts an object in the place of one, with what nobody may change kept as it is. */
export function replace(ask: Ask, target: Target, was: Stored, wanted: KubeObject): ApiResponse {
  const { type, name, subresource } = target;
  const { metadata } = was.object;
  const { resourceVersion, uid } = wanted.metadata;
  if (uid !== undefined && uid !== metadata.uid) {
    const because = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    return conflict(type.group, type.resource, name, because);
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== metadata.resourceVersion)
    return conflict(type.group, type.resource, name, modified);
  const { creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  const fixed = JSON.parse(
    JSON.stringify({
      name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation: metadata.generation,
    }),
  ) as KubeObject['metadata'];
  const kept = { ...wanted.metadata, ...fixed };
  const { status: _, ...rest } = wanted;
  const hasStatus = type.subresources.includes('status');
  const statusKept = was.object.status === undefined ? {} : { status: was.object.status };
  const changed: KubeObject =
    subresource === 'status'
      ? { ...was.object, metadata: { ...metadata, ...pick(wanted.metadata) }, status: wanted.status }
      : {
          ...(hasStatus ? { ...rest, ...statusKept } : wanted),
          apiVersion: wanted.apiVersion,
          kind: wanted.kind,
          metadata: kept,
        };
  const next = subresource === '' ? withStorageRemembered(type, changed) : changed;
  const refused = storedVersionsRefusal(target, was.object, next) ?? admissionRefusal(ask.world, target, 'UPDATE', next);
  if (refused !== null) return refused;
  if (ask.request.query.has('dryRun')) return ok(shownAs(target)(next));
  const written = changeObject(ask.world, was, stored(was, next), type.storage ?? type.versions[0]?.version ?? was.storedAs);
  const over = written.metadata.deletionTimestamp !== undefined && (written.metadata.finalizers ?? []).length === 0;
  if (over && type.resource !== 'pods' && type.resource !== 'namespaces') {
    const again = found(ask, target);
    if (again !== undefined) remove(ask.world, again);
  }
  return ok(shownAs(target)(written));
}

/** One object is one object, whichever of its versions it came by. */
function stored(was: Stored, next: KubeObject): KubeObject {
  return { ...next, apiVersion: was.object.apiVersion, kind: was.object.kind };
}

function pick({ labels, annotations }: KubeObject['metadata']) {
  return { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
}

/** A definition says at once in which versions objects may be stored from now on. */
function withStorageRemembered({ resource }: ResourceType, object: KubeObject): KubeObject {
  if (resource !== 'customresourcedefinitions') return object;
  const status = (object.status ?? {}) as { readonly storedVersions?: readonly string[] };
  const { versions = [] } = object.spec as {
    readonly versions?: readonly { readonly name: string; readonly storage: boolean }[];
  };
  const storage = versions.filter((version) => version.storage).map(({ name }) => name);
  return { ...object, status: { ...status, storedVersions: [...new Set([...(status.storedVersions ?? []), ...storage])] } };
}

/** A version that objects may be stored in cannot be left out of a definition. */
function storedVersionsRefusal({ type, name }: Target, was: KubeObject, next: KubeObject): ApiResponse | null {
  if (type.resource !== 'customresourcedefinitions') return null;
  const { storedVersions = [] } = (was.status ?? {}) as { readonly storedVersions?: readonly string[] };
  const { versions = [] } = next.spec as { readonly versions?: readonly { readonly name: string }[] };
  const { storedVersions: left = storedVersions } = (next.status ?? {}) as { readonly storedVersions?: readonly string[] };
  const at = left.findIndex((version) => !versions.some((one) => one.name === version));
  if (at === -1) return null;
  const version = left[at] ?? '';
  const says = `Invalid value: "${version}": missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
  return invalid(type.group, type.kind, name, `status.storedVersions[${at}]`, says);
}

/** The one that was meant is gone, and another has its name. */
export function anotherUid({ group, kind }: ResourceType, name: string, wanted: string, is: string): ApiResponse {
  const because = `the UID in the precondition (${wanted}) does not match the UID in record (${is}). The object might have been deleted and then recreated`;
  return conflict(group, kind, name, because);
}

interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
  readonly propagationPolicy?: string;
}

export function deleteObjects(ask: Ask, target: Target): ApiResponse {
  const options = optionsOf(ask);
  if (options === null) return badRequest("couldn't get version/kind; json parse error: the body is not JSON");
  if (target.name !== '') return deleteOne(ask, target, options);
  const choice = choiceOf(ask.request.query);
  if (typeof choice !== 'function') return badRequest(choice.wrong);
  const items = listOf(ask.world, resourceKey(target.type), target.namespace).filter(({ object }) => choice(object));
  if (!isDry(ask, options)) for (const item of items) deleteObject(ask.world, item, ask.moment, options.gracePeriodSeconds);
  const { type, groupVersion } = target;
  const metadata = { resourceVersion: String(ask.world.revision) };
  return ok({
    kind: `${type.kind}List`,
    apiVersion: groupVersion,
    metadata,
    items: items.map(({ object }) => shownAs(target)(object)),
  });
}

function optionsOf({ request: { body } }: Ask): DeleteOptions | null {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body) as DeleteOptions;
  } catch {
    return null;
  }
}

function isDry({ request: { query } }: Ask, { dryRun = [] }: DeleteOptions): boolean {
  return query.has('dryRun') || dryRun.length > 0;
}

function deleteOne(ask: Ask, target: Target, options: DeleteOptions): ApiResponse {
  const was = found(ask, target);
  if (was === undefined) return missing(target);
  const { type, name } = target;
  const { uid, resourceVersion } = was.object.metadata;
  const { uid: onlyUid = uid, resourceVersion: onlyVersion = resourceVersion } = options.preconditions ?? {};
  if (onlyUid !== uid) return anotherUid(type, name, onlyUid ?? '', uid ?? '');
  if (onlyVersion !== resourceVersion) {
    const because = `the ResourceVersion in the precondition (${onlyVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    return conflict(type.group, type.kind, name, because);
  }
  const refused = admissionRefusal(ask.world, target, 'DELETE', was.object);
  if (refused !== null) return refused;
  if (isDry(ask, options)) return ok(shownAs(target)(was.object));
  const asked = ask.request.query.get('gracePeriodSeconds');
  const grace = asked === null ? options.gracePeriodSeconds : Number(asked);
  if ((options.propagationPolicy ?? ask.request.query.get('propagationPolicy')) === 'Orphan') orphan(ask, uid ?? '');
  const last = deleteObject(ask.world, was, ask.moment, grace);
  if (last.metadata.deletionTimestamp !== undefined) return ok(shownAs(target)(last));
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource, uid };
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

/** What it owned stays, and is nobody's. */
function orphan({ world }: Ask, uid: string): void {
  for (const one of [...world.objects.values()]) {
    const owners = one.object.metadata.ownerReferences ?? [];
    if (!owners.some((owner) => owner.uid === uid)) continue;
    const metadata = { ...one.object.metadata, ownerReferences: owners.filter((owner) => owner.uid !== uid) };
    changeObject(world, one, { ...one.object, metadata });
  }
}
