/** Errors, as Kubernetes words them. */
import type { ApiResponse } from './message.ts';

type Details = Readonly<Record<string, unknown>>;

export function ok(body: unknown, code = 200, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { kind: 'answer', status: code, headers: { 'content-type': type, ...headers }, body };
}

/** Details that are there and tell nothing are shown as such. */
export function statusBody(code: number, reason: string, message: string, details?: Details) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

export function status(
  code: number,
  reason: string,
  message: string,
  details?: Details,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return ok(statusBody(code, reason, message, details), code, headers);
}

/** `pods`, `deployments.apps`. */
export function qualified(group: string, resource: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function about(group: string, resource: string, name: string): Details {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
}

export function notFound(group: string, resource: string, name: string): ApiResponse {
  return status(404, 'NotFound', `${qualified(group, resource)} "${name}" not found`, about(group, resource, name));
}

/** In a group that is served. */
export function noSuchResource(): ApiResponse {
  return status(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** Outside of what anybody answers for. */
export function noSuchPath(): ApiResponse {
  return ok('404 page not found\n', 404);
}

export function alreadyExists(group: string, resource: string, name: string): ApiResponse {
  const message = `${qualified(group, resource)} "${name}" already exists`;
  return status(409, 'AlreadyExists', message, about(group, resource, name));
}

export function conflict(group: string, resource: string, name: string, because: string): ApiResponse {
  const message = `Operation cannot be fulfilled on ${qualified(group, resource)} "${name}": ${because}`;
  return status(409, 'Conflict', message, about(group, resource, name));
}

export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export function invalid(group: string, kind: string, name: string, field: string, says: string, reason = 'FieldValueInvalid') {
  const message = `${kind}${group === '' ? '' : `.${group}`} "${name}" is invalid: ${field}: ${says}`;
  const causes = [{ reason, message: says, field }];
  return status(422, 'Invalid', message, { ...about(group, kind, name), causes });
}

export function badRequest(message: string): ApiResponse {
  return status(400, 'BadRequest', message);
}

export function internal(message: string): ApiResponse {
  return status(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function methodNotAllowed(): ApiResponse {
  return status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

export function expired(message: string): ApiResponse {
  return status(410, 'Expired', message);
}
