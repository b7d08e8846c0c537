import { servedBy } from '../world/index.ts';
import { refusal } from './authorize.ts';
import { answerDiscovery, isForeignAndAway, unavailable } from './discovery.ts';
import { answerHealth, answerMetrics, answerVersion } from './health.ts';
import type { ApiResponse, Ask } from './message.ts';
import { createObject, deleteObjects, readObjects, updateObject } from './objects-api.ts';
import { answerOpenApi } from './openapi.ts';
import { patchObject } from './patch-api.ts';
import { issueToken } from './service-accounts.ts';
import { methodNotAllowed, noSuchPath, noSuchResource, ok, status } from './status.ts';
import { bind, evict, finalize, review, scale } from './subresources.ts';
import { type Target, targetOf } from './target.ts';
import { answerUsage } from './usage.ts';

export function handle(ask: Ask): ApiResponse {
  let words: readonly string[];
  try {
    words = ask.request.path
      .split('/')
      .filter((word) => word !== '')
      .map(decodeURIComponent);
  } catch {
    return status(400, 'BadRequest', 'invalid path');
  }
  const [root = ''] = words;
  if (['readyz', 'livez', 'healthz'].includes(root)) return answerHealth(ask, words);
  if (root === 'version') return answerVersion(ask);
  const stranger = ask.request.user === 'system:anonymous';
  if (stranger && (root === 'metrics' || root === 'openapi' || words.length === 0 || words.length < 3)) return forbiddenPath(ask);
  if (root === 'metrics') return answerMetrics(ask);
  if (root === 'openapi') return answerOpenApi(ask, words);
  if (words.length === 0)
    return ok({
      paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
    });
  if (root !== 'api' && root !== 'apis') return noSuchPath();
  return answerDiscovery(ask, words) ?? answerObjects(ask, words);
}

function forbiddenPath({ request: { user, method, path } }: Ask): ApiResponse {
  const verb = method.toLowerCase();
  return status(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"`, {});
}

function answerObjects(ask: Ask, words: readonly string[]): ApiResponse {
  if (words[0] === 'apis' && isForeignAndAway(ask, words[1] ?? '', words[2] ?? '')) return unavailable();
  const target = targetOf(ask, words);
  if (target === null) return isServedGroup(ask, words) ? noSuchResource() : noSuchPath();
  const refused = refusal(ask, target) ?? storageRefusal(ask);
  if (refused !== null) return refused;
  return warned(ask, target, answerTarget(ask, target));
}

function isServedGroup({ world, apiserver }: Ask, [root, name]: readonly string[]): boolean {
  return root === 'api' || servedBy(world, apiserver).some(({ group }) => group === name);
}

/** Without a quorum nothing is read but what an apiserver remembers; without room nothing is written. */
function storageRefusal({ world, request: { method, query } }: Ask): ApiResponse | null {
  const reads = method === 'GET' || method === 'HEAD';
  if (!world.etcd.quorum && !(reads && query.get('resourceVersion') === '0'))
    return status(500, '', 'etcdserver: request timed out');
  if (world.etcd.noSpace && !reads && method !== 'DELETE') return status(500, '', 'etcdserver: mvcc: database space exceeded');
  return null;
}

function answerTarget(ask: Ask, target: Target): ApiResponse {
  const { method } = ask.request;
  if (target.type.measured === true) return answerUsage(ask, target);
  if (target.type.verbs?.includes('create') === true) return method === 'POST' ? review(ask, target) : methodNotAllowed();
  switch (target.subresource) {
    case 'eviction':
      return method === 'POST' ? evict(ask, target) : methodNotAllowed();
    case 'binding':
      return method === 'POST' ? bind(ask, target) : methodNotAllowed();
    case 'scale':
      return scale(ask, target);
    case 'finalize':
      return finalize(ask, target);
    case 'log':
    case 'exec':
    case 'attach':
    case 'portforward':
      return status(400, 'BadRequest', `no containers run on simulated nodes: there is no ${target.subresource} of them`);
    case 'token':
      return method === 'POST' ? issueToken(ask, target) : methodNotAllowed();
    default:
      break;
  }
  if (method === 'GET' || method === 'HEAD') return readObjects(ask, target);
  if (method === 'POST' && target.name === '') return createObject(ask, target);
  if (method === 'DELETE' && target.subresource === '') return deleteObjects(ask, target);
  if (method === 'PUT' && target.name !== '') return updateObject(ask, target);
  return method === 'PATCH' && target.name !== '' ? patchObject(ask, target) : methodNotAllowed();
}

/** A version that is going away is counted, and whoever asks for it is told. */
function warned(ask: Ask, { type, version, subresource }: Target, answer: ApiResponse): ApiResponse {
  if (version.deprecated === undefined) return answer;
  const { removed, says } = version.deprecated;
  ask.apiserver.deprecated.add([type.group, version.version, type.resource, subresource, removed].join('|'));
  return { ...answer, headers: { ...answer.headers, warning: `299 - "${says}"` } };
}
