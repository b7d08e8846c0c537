/** Who may do what: the roles that are bound, as far as they name resources. */
import { type KubeObject, listOf, type World } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { status } from './status.ts';
import type { Target } from './target.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface Wish {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The components of the cluster itself are not held to their roles. */
const trusted = /^system:(kube-controller-manager|kube-scheduler|kube-proxy|apiserver|node:.*|serviceaccount:kube-system:.*)$/;

export function mayDo(world: World, wish: Wish): boolean {
  if (wish.groups.includes('system:masters') || trusted.test(wish.user)) return true;
  const own = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'].includes(wish.resource);
  if (own && wish.user !== 'system:anonymous') return true;
  return rulesFor(world, wish).some((rule) => allows(rule, wish));
}

function rulesFor(world: World, wish: Wish): readonly Rule[] {
  const rbac = 'rbac.authorization.k8s.io';
  const bindings = [
    ...listOf(world, `${rbac}/clusterrolebindings`),
    ...(wish.namespace === '' ? [] : listOf(world, `${rbac}/rolebindings`, wish.namespace)),
  ];
  return bindings.flatMap(({ object }) => {
    if (!isSubject(object, wish)) return [];
    const { kind, name } = object.roleRef as { readonly kind: string; readonly name: string };
    const roles = kind === 'ClusterRole' ? listOf(world, `${rbac}/clusterroles`) : listOf(world, `${rbac}/roles`, wish.namespace);
    const role = roles.find((one) => one.object.metadata.name === name);
    return (role?.object.rules ?? []) as readonly Rule[];
  });
}

function isSubject(binding: KubeObject, { user, groups }: Wish): boolean {
  const subjects = (binding.subjects ?? []) as readonly { kind: string; name: string; namespace?: string }[];
  return subjects.some(({ kind, name, namespace = '' }) => {
    if (kind === 'User') return name === user;
    return kind === 'Group' ? groups.includes(name) : user === `system:serviceaccount:${namespace}:${name}`;
  });
}

function allows({ apiGroups = [], resources = [], resourceNames = [], verbs }: Rule, wish: Wish): boolean {
  const has = (list: readonly string[], one: string) => list.includes('*') || list.includes(one);
  const named = resourceNames.length === 0 || resourceNames.includes(wish.name);
  return has(verbs, wish.verb) && has(apiGroups, wish.group) && has(resources, wish.resource) && named;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

export function verbOf({ request: { method, query } }: Ask, { name }: Pick<Target, 'name'>): string {
  if (method === 'GET' || method === 'HEAD') {
    if (['true', '1'].includes(query.get('watch') ?? '')) return 'watch';
    return name === '' ? 'list' : 'get';
  }
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete';
  return verbs[method] ?? method.toLowerCase();
}

/** Null: it may go on. */
export function refusal(ask: Ask, target: Target): ApiResponse | null {
  const { user, groups } = ask.request;
  const { group, resource: plain } = target.type;
  const resource = target.subresource === '' ? plain : `${plain}/${target.subresource}`;
  const verb = verbOf(ask, target);
  if (mayDo(ask.world, { user, groups, verb, group, resource, namespace: target.namespace, name: target.name })) return null;
  const where = target.namespace === '' ? 'at the cluster scope' : `in the namespace "${target.namespace}"`;
  const what = `${group === '' ? plain : `${plain}.${group}`}${target.name === '' ? '' : ` "${target.name}"`}`;
  const message = `${what} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  const details = { ...(target.name === '' ? {} : { name: target.name }), ...(group === '' ? {} : { group }), kind: plain };
  return status(403, 'Forbidden', message, details);
}
