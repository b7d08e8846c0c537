/** The description of the API: which fields kinds have, and that the server checks fields itself. */
import { createHash } from 'node:crypto';
import { definitions, groupVersionOf, listOf, type ResourceType, servedBy } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { schemasOf } from './schemas.ts';
import { noSuchPath, ok, status } from './status.ts';

interface Root {
  /** `apis/apps/v1`. */
  readonly path: string;
  readonly version: string;
  readonly types: readonly ResourceType[];
}

export function answerOpenApi(ask: Ask, words: readonly string[]): ApiResponse {
  const [, version, ...rest] = words;
  const roots = rootsOf(ask);
  if (version === 'v2' && rest.length === 0) return secondVersion(ask, roots);
  if (version !== 'v3') return noSuchPath();
  if (rest.length === 0) {
    const hash = hashOf(ask);
    return ok({
      paths: Object.fromEntries(roots.map(({ path }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }])),
    });
  }
  const root = roots.find(({ path }) => path === rest.join('/'));
  if (root === undefined) return noSuchPath();
  const schemas = schemasOf(ask.world, root.types, root.version, '#/components/schemas/');
  return ok({ openapi: '3.0.0', info: infoOf(ask), paths: Object.fromEntries(pathsOf(root)), components: { schemas } });
}

function rootsOf({ world, apiserver }: Ask): readonly Root[] {
  const roots = new Map<string, { readonly path: string; readonly version: string; readonly types: ResourceType[] }>();
  for (const type of servedBy(world, apiserver)) {
    for (const { version } of type.versions) {
      const path = `${type.group === '' ? 'api' : 'apis'}/${groupVersionOf(type.group, version)}`;
      const root = roots.get(path) ?? { path, version, types: [] };
      roots.set(path, root);
      root.types.push(type);
    }
  }
  return [...roots.values()];
}

/** It changes with what can be read there: the minor, and definitions of somebody's own. */
function hashOf({ world, apiserver }: Ask): string {
  const own = listOf(world, definitions).map(({ object: { metadata } }) => `${metadata.name} ${metadata.resourceVersion}`);
  return createHash('sha256')
    .update([apiserver.emulated, ...own].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

function infoOf({ apiserver }: Ask): object {
  return { title: 'Kubernetes', version: `v${apiserver.version}` };
}

/** In one document, as older clients ask for it. Those that take nothing but protobuf are told that there is none. */
function secondVersion(ask: Ask, roots: readonly Root[]): ApiResponse {
  const accept = ask.request.headers.accept ?? '*/*';
  if (!/json|\*\/\*/.test(accept.replaceAll(/application\/com\.github\.proto-openapi[^,]*/g, '')))
    return status(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
  const paths = roots.flatMap((root) => pathsOf(root));
  const schemas = roots.map((root) => schemasOf(ask.world, root.types, root.version, '#/definitions/'));
  return ok({ swagger: '2.0', info: infoOf(ask), paths: Object.fromEntries(paths), definitions: Object.assign({}, ...schemas) });
}

/** Of kinds that are only asked, too: clients look for a change of a kind to learn that the server checks its fields itself. */
function pathsOf({ path, version, types }: Root): readonly (readonly [string, object])[] {
  const parameters = ['fieldValidation', 'dryRun', 'fieldManager', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  return types.flatMap(({ group, resource, kind, namespaced }) => {
    const about = { 'x-kubernetes-group-version-kind': { group, version, kind }, parameters, responses: {} };
    const does = (action: string) => ({ [action]: { ...about, 'x-kubernetes-action': action } });
    const base = `/${path}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`;
    return [[base, does('post')] as const, [`${base}/{name}`, { ...does('patch'), ...does('put') }] as const];
  });
}
