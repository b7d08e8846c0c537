import type { KubeObject } from '../world/index.ts';
import { checked } from './body.ts';
import type { ApiResponse, Ask } from './message.ts';
import { createObject, found, missing, replace, shownAs } from './objects-api.ts';
import { jsonPatch, mergePatch, type Patched, strategicPatch } from './patch.ts';
import { badRequest, status } from './status.ts';
import type { Target } from './target.ts';

const applyType = 'application/apply-patch+yaml';

/** Four ways to say what is to be different. Server-side apply is a merge that makes what is not there; fields have no owners. */
export function patchObject(ask: Ask, target: Target): ApiResponse {
  const type = (ask.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const was = found(ask, target);
  let patch: unknown;
  try {
    patch = JSON.parse(ask.request.body);
  } catch {
    return badRequest('error decoding patch: the body is not JSON');
  }
  if (was === undefined) {
    if (type !== applyType || target.subresource !== '') return missing(target);
    const headers = { ...ask.request.headers, 'content-type': 'application/json' };
    return createObject({ ...ask, request: { ...ask.request, headers } }, target);
  }
  if (type === 'application/strategic-merge-patch+json' && target.type.custom === true) return unsupported(type);
  const shown = shownAs(target)(was.object);
  const patched = apply(type, shown, patch);
  if (patched === null) return unsupported(type);
  if (patched.kind === 'wrong')
    return status(422, 'Invalid', `the server rejected our request due to an error in our request: ${patched.says}`);
  const parsed = checked(patched.value, target);
  if (parsed.kind === 'wrong') return parsed.answer;
  // A version that the patch itself names must be the present one; else it is applied to whatever there is.
  return replace(ask, target, was, parsed.object);
}

function apply(type: string, object: KubeObject, patch: unknown): Patched | null {
  if (type === 'application/json-patch+json') return jsonPatch(object, patch);
  if (type === 'application/merge-patch+json') return { kind: 'patched', value: mergePatch(object, patch) };
  if (type === applyType || type === 'application/strategic-merge-patch+json')
    return { kind: 'patched', value: strategicPatch(object, patch) };
  return null;
}

function unsupported(type: string): ApiResponse {
  const accepted = ['application/json-patch+json', 'application/merge-patch+json', applyType].join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted} (it was ${type})`;
  return status(415, 'UnsupportedMediaType', message);
}
