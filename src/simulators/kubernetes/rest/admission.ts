/** What may keep a write from being made: its namespace, webhooks, a full etcd. */
import { type KubeObject, type LabelSelector, listOf, read, selects, type World } from '../world/index.ts';
import type { ApiResponse } from './message.ts';
import { internal, notFound, status } from './status.ts';
import type { Target } from './target.ts';

interface Webhook {
  readonly name: string;
  readonly clientConfig: {
    readonly url?: string;
    readonly service?: { readonly namespace: string; readonly name: string; readonly port?: number; readonly path?: string };
  };
  readonly rules?: readonly {
    readonly operations?: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly apiVersions?: readonly string[];
    readonly resources?: readonly string[];
  }[];
  readonly failurePolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly timeoutSeconds?: number;
}

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** Null: it may be written. */
export function admissionRefusal(world: World, target: Target, operation: Operation, object: KubeObject): ApiResponse | null {
  return namespaceRefusal(world, target, operation, object) ?? webhookRefusal(world, target, operation, object);
}

function namespaceRefusal(
  world: World,
  { type, namespace }: Target,
  operation: Operation,
  object: KubeObject,
): ApiResponse | null {
  if (!type.namespaced || operation !== 'CREATE') return null;
  const found = read(world, '/namespaces', '', namespace);
  if (found === undefined) return notFound('', 'namespaces', namespace);
  if (found.object.metadata.deletionTimestamp === undefined) return null;
  const { name } = object.metadata;
  const what = type.group === '' ? type.resource : `${type.resource}.${type.group}`;
  const because = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const details = {
    name,
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.resource,
    causes: [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ],
  };
  return status(403, 'Forbidden', `${what} "${name}" is forbidden: ${because}`, details);
}

/** Of a simulated cluster no webhook answers with a refusal: it is there and agrees, or it is away. */
function webhookRefusal(world: World, target: Target, operation: Operation, object: KubeObject): ApiResponse | null {
  const group = 'admissionregistration.k8s.io';
  if (target.type.group === group) return null;
  const configurations = [
    ...listOf(world, `${group}/mutatingwebhookconfigurations`),
    ...listOf(world, `${group}/validatingwebhookconfigurations`),
  ];
  for (const { object: configuration } of configurations) {
    for (const webhook of (configuration.webhooks ?? []) as readonly Webhook[]) {
      if (webhook.failurePolicy === 'Ignore' || !concerns(world, webhook, target, operation, object)) continue;
      const away = whyAway(world, webhook);
      if (away !== null) return internal(`failed calling webhook "${webhook.name}": failed to call webhook: ${away}`);
    }
  }
  return null;
}

function concerns(world: World, webhook: Webhook, target: Target, operation: Operation, object: KubeObject): boolean {
  const { type, version, namespace, subresource } = target;
  const resource = subresource === '' ? type.resource : `${type.resource}/${subresource}`;
  const has = (list: readonly string[] | undefined, one: string) => list?.includes('*') === true || list?.includes(one) === true;
  const ruled = (webhook.rules ?? []).some(
    (rule) =>
      has(rule.operations, operation) &&
      has(rule.apiGroups, type.group) &&
      has(rule.apiVersions, version.version) &&
      (rule.resources?.includes(resource) === true ||
        rule.resources?.includes('*/*') === true ||
        (subresource === '' && has(rule.resources, resource))),
  );
  if (!ruled || !selects(webhook.objectSelector ?? {}, object.metadata.labels ?? {})) return false;
  const its = type.resource === 'namespaces' ? object : read(world, '/namespaces', '', namespace)?.object;
  return its === undefined || selects(webhook.namespaceSelector ?? {}, its.metadata.labels ?? {});
}

function whyAway(world: World, { clientConfig: { service }, timeoutSeconds = 10 }: Webhook): string | null {
  if (service === undefined) return null;
  const { namespace, name, port = 443, path = '' } = service;
  const post = `Post "https://${name}.${namespace}.svc:${port}${path}?timeout=${timeoutSeconds}s"`;
  if (read(world, '/services', namespace, name) === undefined) return `${post}: service "${name}" not found`;
  const there = listOf(world, 'discovery.k8s.io/endpointslices', namespace).some(({ object }) => {
    const endpoints = (object.endpoints ?? []) as readonly { readonly conditions?: { readonly ready?: boolean } }[];
    const its = object.metadata.labels?.['kubernetes.io/service-name'] === name;
    return its && endpoints.some(({ conditions }) => conditions?.ready !== false);
  });
  return there ? null : `${post}: no endpoints available for service "${name}"`;
}
