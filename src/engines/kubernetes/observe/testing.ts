/** Answers of a real control plane, and a cluster that they are of. */
import { readFileSync } from 'node:fs';
import type {
  EngineIo,
  Host,
  HttpRequest,
  KubernetesCatalog,
  KubernetesCluster,
  KubernetesComponent,
  KubernetesMemberSpec,
  MemberProcess,
  Observation,
  ObservationDepth,
  SeenKubernetes,
} from '../../../domain/index.ts';
import { theKubernetesCatalog } from '../testing.ts';
import { observe } from './index.ts';

export interface Recorded {
  readonly status: number;
  readonly body: unknown;
}
/** By url. A function is asked each time; null: nobody listens there. */
export type Answers = Readonly<Record<string, Recorded | null | ((request: HttpRequest) => Recorded | Promise<Recorded>)>>;

/**
 * Two apiservers of 1.36.1, the second as 1.35, two controller managers and schedulers, one etcd, one node of the group
 * `blue`. In the namespace `app`: `web` with two pods that its budget holds, `bare` with two budgets, `free`; two webhooks
 * that fail closed, one of them with nobody behind it; an API service without its service; `things` once stored as v1alpha1.
 */
export const recorded = JSON.parse(readFileSync(new URL('./recorded/1.36.1.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Recorded>
>;

export const catalog: KubernetesCatalog = theKubernetesCatalog();

const release = { version: '1.36', build: 'eks.1' };

function memberAt(name: string, component: KubernetesComponent, last: number, port: number): KubernetesMemberSpec {
  return { name, component, host: 'local', address: `127.66.6.${last}`, port, surge: name.endsWith('-surge'), nodegroup: null };
}

const nodes = ['blue-1', 'blue-surge'].map((name, index) => ({ ...memberAt(name, 'node', 51 + index, 0), nodegroup: 'blue' }));

export const cluster: KubernetesCluster = {
  id: 'k8s-0123456789abcdef',
  engine: 'kubernetes',
  origin: 'created',
  name: 'recorded',
  description: '',
  account: '000000000000',
  region: 'eu-central-1',
  tags: {},
  spec: {
    kind: 'kubernetes',
    release,
    firstVersion: '1.36',
    gateAfterFirstMember: false,
    members: [
      memberAt('etcd-1', 'etcd', 21, 2379),
      memberAt('apiserver-1', 'kube-apiserver', 11, 6443),
      memberAt('apiserver-2', 'kube-apiserver', 12, 6443),
      memberAt('apiserver-surge', 'kube-apiserver', 19, 6443),
      memberAt('controller-manager-1', 'kube-controller-manager', 31, 10257),
      memberAt('controller-manager-2', 'kube-controller-manager', 32, 10257),
      memberAt('scheduler-1', 'kube-scheduler', 41, 10259),
      memberAt('scheduler-2', 'kube-scheduler', 42, 10259),
      memberAt('front-door', 'front-door', 1, 6443),
    ],
    nodegroups: [
      {
        name: 'blue',
        release,
        nodes,
        minSize: 1,
        maxSize: 1,
        maxUnavailable: 1,
        labels: {},
        taints: [],
        createdAt: '2026-01-01T00:00:00.000Z',
        modifiedAt: '2026-01-01T00:00:00.000Z',
        deleting: false,
        tags: {},
        face: {},
      },
    ],
    endpoint: 'https://127.66.6.1:6443',
    serviceCidr: '10.96.0.0/16',
    flags: {},
    soakMs: 0,
    authenticationUrl: null,
    face: {},
  },
  secrets: Object.fromEntries(
    ['ca.crt', 'admin.crt', 'admin.key', 'etcd.crt', 'etcd.key'].map((name) => [name, `secret ${name}`]),
  ),
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  provisioning: { state: 'ready' },
  deleteAfter: null,
};

const started = '2026-01-01T00:00:00.000Z';
const identityOf = (name: string) => ({
  pid: 1_000 + [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0),
  startTime: '7',
});

/** Of a member that runs as it should; the places for one more are free. */
export function processOf(name: string): MemberProcess {
  if (name.endsWith('-surge')) return { state: 'absent' };
  return { state: 'running', identity: identityOf(name), release: null, startedAt: started };
}

export interface Scene {
  /** Instead of what was recorded. */
  readonly answers?: Answers;
  readonly processes?: (name: string) => MemberProcess;
  readonly asked?: HttpRequest[];
  readonly now?: () => string;
  readonly noHost?: boolean;
}

export function ioOf({ answers = {}, processes = processOf, asked = [], now = () => started, noHost }: Scene = {}): EngineIo {
  const host: Pick<Host, 'facts' | 'generationOf' | 'describe'> = {
    facts: async () => ({ javas: [], freeMemoryBytes: 5, prefetched: ['1.36+eks.1'] }),
    generationOf: async () => 3,
    describe: async (_, name) => processes(name),
  };
  return {
    http: async (request) => {
      asked.push(request);
      const chosen = Object.hasOwn(answers, request.url) ? answers[request.url] : recorded[request.url];
      const answer = typeof chosen === 'function' ? await chosen(request) : chosen;
      if (answer === undefined || answer === null) {
        throw Object.assign(new Error(`connect ECONNREFUSED ${new URL(request.url).host}`), { code: 'ECONNREFUSED' });
      }
      return { status: answer.status, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
    },
    hosts: (key) => (key === 'local' && noHost !== true ? (host as Host) : undefined),
    now,
    pause: () => Promise.resolve(),
  };
}

/** What was recorded at a url, with some of it changed. */
export function changed(url: string, change: (body: never) => unknown): Recorded {
  const answer = recorded[url];
  if (answer === undefined) throw new Error(`nothing was recorded at ${url}`);
  return { ...answer, body: change(structuredClone(answer.body) as never) };
}

/** Nobody listens at an address, and its host knows that it does not run. */
export function silence(address: string): Answers {
  return Object.fromEntries(
    Object.keys(recorded)
      .filter((url) => url.startsWith(`https://${address}:`))
      .map((url) => [url, null]),
  );
}

export async function look(scene: Scene = {}, depth: ObservationDepth = 'plan', of: KubernetesCluster = cluster) {
  const observation = await observe(of, catalog, ioOf(scene), depth);
  const seen = () => seenIn(observation);
  const member = (name: string) => observation.members.find((candidate) => candidate.name === name);
  return { observation, seen, member };
}

export function seenIn({ cluster: looked }: Observation<SeenKubernetes>): SeenKubernetes {
  if (looked.kind !== 'seen') throw new Error(looked.because);
  return looked.seen;
}
