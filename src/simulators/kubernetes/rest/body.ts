import type { KubeObject } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { badRequest, status } from './status.ts';
import type { Target } from './target.ts';

export type Parsed =
  | { readonly kind: 'object'; readonly object: KubeObject }
  | { readonly kind: 'wrong'; readonly answer: ApiResponse };

/** The object in a request, if it is one of what the request is about. */
export function objectIn(ask: Ask, target: Target): Parsed {
  const type = ask.request.headers['content-type'] ?? 'application/json';
  if (!type.includes('json')) {
    const message = `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml`;
    return { kind: 'wrong', answer: status(415, 'UnsupportedMediaType', message) };
  }
  let value: unknown;
  try {
    value = JSON.parse(ask.request.body);
  } catch {
    return {
      kind: 'wrong',
      answer: badRequest("the object provided is unrecognized (must be of type JSON): couldn't get version/kind"),
    };
  }
  return checked(value, target);
}

export function checked(value: unknown, target: Target): Parsed {
  const object = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Partial<KubeObject>;
  const { apiVersion = target.groupVersion, kind = target.type.kind } = object;
  if (target.subresource === '' || target.subresource === 'status') {
    if (apiVersion !== target.groupVersion || kind !== target.type.kind) {
      const message = `${kind} in version "${apiVersion}" cannot be handled as a ${target.type.kind}: no kind "${kind}" is registered for version "${target.groupVersion}"`;
      return { kind: 'wrong', answer: badRequest(message) };
    }
  }
  const metadata = { ...(typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : { name: '' }) };
  const { name = '', namespace } = metadata as { readonly name?: string; readonly namespace?: string };
  if (namespace !== undefined && namespace !== '' && namespace !== target.namespace) {
    const message = `the namespace of the provided object does not match the namespace sent on the request`;
    return { kind: 'wrong', answer: badRequest(message) };
  }
  if (target.name !== '' && name !== '' && name !== target.name) {
    const message = `the name of the object (${name}) does not match the name on the URL (${target.name})`;
    return { kind: 'wrong', answer: badRequest(message) };
  }
  const { managedFields: _, ...plain } = metadata as Readonly<Record<string, unknown>>;
  return {
    kind: 'object',
    object: { ...object, apiVersion, kind, metadata: { ...plain, name: name || target.name } } as KubeObject,
  };
}
