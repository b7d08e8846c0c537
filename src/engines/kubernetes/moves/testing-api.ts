/** The API of a cluster and of its etcd as far as the moves ask for it: nodes, pods with budgets, stored objects, who leads. */

interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly changes?: boolean;
}

export interface ApiNode {
  uid: string;
  unschedulable: boolean;
  cordonedBy: string | null;
}

export interface ApiPod {
  readonly name: string;
  readonly node: string;
  /** What the server says to an eviction instead of doing it. */
  readonly kept?: { readonly status: number; readonly says: string };
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Objects of one resource that are stored in an older version until they are written. */
interface Stored {
  readonly name: string;
  written: number;
  readonly refused?: { readonly status: number; readonly says: string };
}

const groups = {
  groups: [{ name: 'apps', preferredVersion: { groupVersion: 'apps/v1' }, versions: [{ groupVersion: 'apps/v1' }] }],
};
const verbs = ['get', 'list', 'update'];
const resources: Readonly<Record<string, unknown>> = {
  '/api/v1': {
    resources: [
      { name: 'secrets', kind: 'Secret', verbs, namespaced: true, storageVersionHash: 'a' },
      { name: 'events', kind: 'Event', verbs, namespaced: true, storageVersionHash: 'b' },
      { name: 'bindings', kind: 'Binding', verbs: ['create'], namespaced: true },
    ],
  },
  '/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', verbs, namespaced: true, storageVersionHash: 'c' }] },
};

export class Api {
  readonly nodes = new Map<string, ApiNode>();
  pods: ApiPod[] = [];
  /** Why nobody answers; null: somebody does. */
  away: string | null = null;
  readonly stored: Record<string, Stored[]> = { secrets: [], deployments: [], events: [] };
  readonly made = new Set<string>();
  leader = 1;
  etcdMembers = ['etcd-1', 'etcd-2', 'etcd-3'];
  readonly #runs: (name: string) => boolean;
  #registered = 0;

  constructor(runs: (name: string) => boolean) {
    this.#runs = runs;
  }

  state(): unknown {
    const { nodes, pods, leader, made, stored } = this;
    // How often an object was written is no part of what there is.
    const kept = Object.entries(stored).map(([name, objects]) => [name, objects.map((one) => [one.name, one.written > 0])]);
    const shown = [...nodes].map(([name, { unschedulable, cordonedBy }]) => [name, unschedulable, cordonedBy]);
    return { nodes: shown.sort(), pods: pods.map(({ name }) => name), leader, made: [...made].sort(), kept };
  }

  /** A node that starts registers itself where there is none of its name. */
  started(member: string): void {
    if (!/^blue-/.test(member) || this.nodes.has(member)) return;
    this.#registered += 1;
    this.nodes.set(member, { uid: `registered ${this.#registered}`, unschedulable: false, cordonedBy: null });
  }

  answer(method: string, url: string, body: unknown): ApiAnswer {
    const { port, pathname, searchParams } = new URL(url);
    if (port === '2379') return this.#etcd(url, pathname, body as Readonly<Record<string, unknown>>);
    if (this.away !== null) throw new Error(this.away);
    if (pathname === '/readyz') {
      if (![...'12'].some((number) => url.includes(`.1${number}:`) && this.#runs(`apiserver-${number}`)))
        throw new Error('refused');
      return { status: 200, body: 'ok' };
    }
    if (pathname.startsWith('/api/v1/nodes/')) return this.#node(method, pathname.slice('/api/v1/nodes/'.length), body);
    if (pathname === '/api/v1/pods') return this.#podsOf(searchParams.get('fieldSelector') ?? '');
    const pod = pathname.match(/^\/api\/v1\/namespaces\/shop\/pods\/([^/]+)(\/eviction)?$/);
    if (pod !== null) return this.#pod(pod[1] ?? '', pod[2] !== undefined, body);
    if (pathname.startsWith('/apis/rbac.authorization.k8s.io/')) return this.#make(pathname, body);
    return this.#objects(method, pathname, searchParams.get('continue'));
  }

  #node(method: string, name: string, body: unknown): ApiAnswer {
    const node = this.nodes.get(name);
    const { metadata, spec, preconditions } = body as {
      readonly metadata?: { readonly uid?: string; readonly annotations: Readonly<Record<string, string | null>> };
      readonly spec?: { readonly unschedulable: boolean | null };
      readonly preconditions?: { readonly uid?: string };
    };
    const uid = metadata?.uid ?? preconditions?.uid;
    if (node === undefined) return status(404, `nodes "${name}" not found`);
    if (uid !== undefined && uid !== node.uid)
      return status(409, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${node.uid}`);
    if (method === 'DELETE') this.nodes.delete(name);
    else {
      node.unschedulable = spec?.unschedulable ?? false;
      node.cordonedBy = Object.values(metadata?.annotations ?? {})[0] ?? null;
    }
    return { status: 200, body: {}, changes: true };
  }

  #podsOf(selector: string): ApiAnswer {
    const items = this.pods
      .filter(({ node }) => selector === `spec.nodeName=${node}`)
      .map(({ name, metadata }) => ({ metadata: { namespace: 'shop', name, uid: `uid of ${name}`, ...metadata } }));
    return { status: 200, body: { metadata: {}, items } };
  }

  #pod(name: string, eviction: boolean, body: unknown): ApiAnswer {
    const pod = this.pods.find((one) => one.name === name);
    if (pod === undefined) return status(404, `pods "${name}" not found`);
    const { deleteOptions, preconditions } = body as Readonly<
      Record<string, { readonly preconditions?: unknown; readonly uid?: string }>
    >;
    const uid = eviction ? (deleteOptions?.preconditions as { uid?: string } | undefined)?.uid : preconditions?.uid;
    if (uid !== `uid of ${name}`) return status(409, 'Precondition failed: UID in precondition');
    if (eviction && pod.kept !== undefined) return status(pod.kept.status, pod.kept.says);
    this.pods = this.pods.filter((one) => one !== pod);
    return { status: 201, body: {}, changes: true };
  }

  #make(pathname: string, body: unknown): ApiAnswer {
    const { kind, metadata } = body as { readonly kind: string; readonly metadata: { readonly name: string } };
    const key = `${kind} ${metadata.name}`;
    if (this.made.has(key)) return status(409, `${pathname}: ${key} already exists`);
    this.made.add(key);
    return { status: 201, body: {}, changes: true };
  }

  #objects(method: string, pathname: string, next: string | null): ApiAnswer {
    if (pathname === '/apis') return { status: 200, body: groups };
    if (resources[pathname] !== undefined) return { status: 200, body: resources[pathname] };
    const parts = pathname.split('/');
    if (method === 'GET') return this.#page(parts.at(-1) ?? '', Number(next ?? '0'));
    const object = this.stored[parts.at(-2) ?? '']?.find(({ name }) => name === parts.at(-1));
    if (object === undefined) return status(404, 'not found');
    if (object.refused !== undefined) return status(object.refused.status, object.refused.says);
    object.written += 1;
    return { status: 200, body: {}, changes: true };
  }

  /** One object a page. */
  #page(resource: string, from: number): ApiAnswer {
    const all = this.stored[resource] ?? [];
    const items = all.slice(from, from + 1).map(({ name }) => ({ metadata: { name, namespace: 'shop' }, data: { a: 'b' } }));
    return { status: 200, body: { metadata: from + 1 < all.length ? { continue: String(from + 1) } : {}, items } };
  }

  #etcd(url: string, pathname: string, body: Readonly<Record<string, unknown>>): ApiAnswer {
    const number = [1, 2, 3].find((one) => url.includes(`.2${one}:`)) ?? 0;
    if (pathname === '/v3/maintenance/status')
      return { status: 200, body: { header: { member_id: String(number) }, leader: String(this.leader) } };
    if (pathname === '/v3/cluster/member/list')
      return { status: 200, body: { members: this.etcdMembers.map((name, index) => ({ ID: String(index + 1), name })) } };
    this.leader = Number(body.targetID);
    return { status: 200, body: {}, changes: true };
  }
}

function status(code: number, message: string): ApiAnswer {
  return { status: code, body: { message } };
}
