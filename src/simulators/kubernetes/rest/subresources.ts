/** What can be asked beside an object itself: its scale, its eviction, its binding, reviews. */
import { changeObject, evictPod, type KubeObject, resourceKey, type Stored, timeAt } from '../world/index.ts';
import { mayDo } from './authorize.ts';
import type { ApiResponse, Ask } from './message.ts';
import { anotherUid, found, missing, replace } from './objects-api.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import { reviewOfToken } from './service-accounts.ts';
import { badRequest, conflict, internal, methodNotAllowed, ok, status } from './status.ts';
import type { Target } from './target.ts';

type Fields = Readonly<Record<string, unknown>>;

export function bodyOf({ request: { body } }: Ask): Fields | null {
  try {
    return body.trim() === '' ? {} : (JSON.parse(body) as Fields);
  } catch {
    return null;
  }
}

export function evict(ask: Ask, target: Target): ApiResponse {
  const pod = found(ask, target);
  if (pod === undefined) return missing(target);
  const body = bodyOf(ask);
  if (body === null) return badRequest('the body is not JSON');
  const {
    preconditions,
    gracePeriodSeconds,
    dryRun = [],
  } = (body.deleteOptions ?? {}) as {
    readonly preconditions?: { readonly uid?: string };
    readonly gracePeriodSeconds?: number;
    readonly dryRun?: readonly string[];
  };
  const { uid } = pod.object.metadata;
  if (preconditions?.uid !== undefined && preconditions.uid !== uid)
    return anotherUid(target.type, target.name, preconditions.uid, uid ?? '');
  const dry = dryRun.length > 0 || ask.request.query.has('dryRun');
  const end = evictPod(ask.world, pod, ask.moment, gracePeriodSeconds, dry);
  switch (end.kind) {
    case 'evicted':
      return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
    case 'several-budgets': {
      const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
      return status(500, '', message);
    }
    case 'kept':
      return keptBy(end.message);
    case 'not-followed-up': {
      const message = `The disruption budget ${end.budget} is still being processed by the server.`;
      return keptBy(message, { 'retry-after': '10' });
    }
  }
}

function keptBy(message: string, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  const says = "Cannot evict pod as it would violate the pod's disruption budget.";
  return status(429, 'TooManyRequests', says, { causes: [{ reason: 'DisruptionBudget', message }] }, headers);
}

export function scale(ask: Ask, target: Target): ApiResponse {
  const was = found(ask, target);
  if (was === undefined) return missing(target);
  const present = scaleOf(was);
  const { method, headers } = ask.request;
  if (method === 'GET') return ok(present);
  if (method !== 'PUT' && method !== 'PATCH') return methodNotAllowed();
  let wanted: unknown = bodyOf(ask);
  if (wanted === null) return badRequest('the body is not JSON');
  if (method === 'PATCH') {
    const patched = (headers['content-type'] ?? '').includes('json-patch') ? jsonPatch(present, wanted) : null;
    if (patched?.kind === 'wrong') return badRequest(patched.says);
    wanted = patched === null ? mergePatch(present, wanted) : patched.value;
  }
  const { spec, metadata } = wanted as {
    readonly spec?: { readonly replicas?: number };
    readonly metadata?: KubeObject['metadata'];
  };
  const { resourceVersion } = metadata ?? {};
  const next: KubeObject = {
    ...was.object,
    metadata: { ...was.object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: { ...(was.object.spec as object), replicas: spec?.replicas ?? 0 },
  };
  const answer = replace(ask, { ...target, subresource: '' }, was, next);
  const written = found(ask, target);
  return answer.kind === 'answer' && answer.status === 200 && written !== undefined ? ok(scaleOf(written)) : answer;
}

function scaleOf({ object }: Stored) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { replicas = 1, selector } = object.spec as { readonly replicas?: number; readonly selector?: { matchLabels?: object } };
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const status = { replicas: (object.status as { replicas?: number } | undefined)?.replicas ?? 0, selector: labels.join(',') };
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp };
  return { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata, spec: { replicas }, status };
}

export function bind(ask: Ask, target: Target): ApiResponse {
  const pod = found(ask, target);
  if (pod === undefined) return missing(target);
  const node = ((bodyOf(ask)?.target ?? {}) as { readonly name?: string }).name;
  if (node === undefined) return badRequest('a binding names its target');
  const spec = pod.object.spec as { readonly nodeName?: string };
  if (spec.nodeName)
    return conflict('', 'pods/binding', target.name, `pod ${target.name} is already assigned to node "${spec.nodeName}"`);
  changeObject(ask.world, pod, { ...pod.object, spec: { ...spec, nodeName: node } });
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

/** Kinds that are answered and not kept. */
export function review(ask: Ask, { type, groupVersion, namespace }: Target): ApiResponse {
  const body = bodyOf(ask);
  if (body === null) return badRequest('the body is not JSON');
  const spec = (body.spec ?? {}) as Fields;
  const { user, groups } = ask.request;
  const answer = {
    kind: type.kind,
    apiVersion: groupVersion,
    metadata: { creationTimestamp: timeAt(ask.world, ask.moment.nowMs) },
  };
  const userInfo = { username: user, groups };
  if (type.resource === 'selfsubjectreviews') return ok({ ...answer, status: { userInfo } }, 201);
  if (type.resource === 'tokenreviews') {
    return ok({ ...answer, spec, status: reviewOfToken(ask, spec) }, 201);
  }
  if (type.resource === 'selfsubjectrulesreviews')
    return ok({ ...answer, spec, status: { resourceRules: [], nonResourceRules: [], incomplete: true } }, 201);
  const own = type.resource === 'selfsubjectaccessreviews';
  const wish = (spec.resourceAttributes ?? {}) as Readonly<Record<string, string | undefined>>;
  const allowed = mayDo(ask.world, {
    user: own ? user : String(spec.user ?? ''),
    groups: own ? groups : ((spec.groups ?? []) as readonly string[]),
    verb: wish.verb ?? '',
    group: wish.group ?? '',
    resource: wish.subresource ? `${wish.resource}/${wish.subresource}` : (wish.resource ?? ''),
    namespace: wish.namespace ?? namespace,
    name: wish.name ?? '',
  });
  return ok({ ...answer, spec, status: { allowed } }, 201);
}

export function finalize(ask: Ask, target: Target): ApiResponse {
  const was = found(ask, target);
  if (was === undefined) return missing(target);
  if (resourceKey(target.type) !== '/namespaces') return internal('nothing to finalize');
  return ok(was.object);
}
