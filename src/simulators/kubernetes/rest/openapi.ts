/** As much of the description of the API as clients need to know that the server checks fields itself. */
import { groupVersionOf, type ResourceType, servedBy } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { noSuchPath, ok } from './status.ts';

export function answerOpenApi(ask: Ask, words: readonly string[]): ApiResponse {
  const [, version, ...rest] = words;
  const types = servedBy(ask.world, ask.apiserver);
  const rootOf = (group: string, of: string) => `${group === '' ? 'api' : 'apis'}/${groupVersionOf(group, of)}`;
  const roots = new Map<string, ResourceType[]>();
  for (const type of types) {
    for (const one of type.versions) {
      const root = rootOf(type.group, one.version);
      roots.set(root, [...(roots.get(root) ?? []), type]);
    }
  }
  if (version !== 'v3') return noSuchPath();
  if (rest.length === 0)
    return ok({
      paths: Object.fromEntries(
        [...roots.keys()].map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}?hash=${ask.apiserver.emulated}` }]),
      ),
    });
  const found = roots.get(rest.join('/'));
  if (found === undefined) return noSuchPath();
  const info = { title: 'Kubernetes', version: `v${ask.apiserver.version}` };
  return ok({
    openapi: '3.0.0',
    info,
    paths: Object.fromEntries(found.flatMap((type) => pathsOf(rest.join('/'), type))),
    components: { schemas: {} },
  });
}

function pathsOf(root: string, { group, resource, kind, namespaced }: ResourceType): readonly (readonly [string, object])[] {
  const version = root.split('/').at(-1);
  const parameters = ['fieldValidation', 'dryRun', 'fieldManager', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  const about = { 'x-kubernetes-group-version-kind': { group, version, kind }, parameters, responses: {} };
  const base = `/${root}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`;
  return [
    [base, { post: { ...about, 'x-kubernetes-action': 'post' } }],
    [`${base}/{name}`, { patch: { ...about, 'x-kubernetes-action': 'patch' }, put: { ...about, 'x-kubernetes-action': 'put' } }],
  ];
}
