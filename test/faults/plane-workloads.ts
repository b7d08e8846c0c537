/** What runs on a simulated control plane in the lab, and where its pods have been. */
import {
  changeObject,
  deleteObject,
  type KubeObject,
  listOf,
  makeObject,
  read,
  watchChanges,
} from '../../src/simulators/kubernetes/world/index.ts';
import type { PlaneLab } from './plane-lab.ts';

const namespace = 'default';
const budgets = 'policy/poddisruptionbudgets';
const readyTimeoutMs = 2 * 60_000;

const worldOf = ({ members }: PlaneLab) => members.room.world;
const nodeOf = ({ spec }: KubeObject) => (spec as { readonly nodeName?: string }).nodeName ?? '';
const momentOf = ({ members: { room } }: PlaneLab) => ({ nowMs: room.clock.catchUp(), random: room.random });
const isReady = ({ status, metadata }: KubeObject) => {
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly { type: string; status: string }[] };
  const ready = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return ready && metadata.deletionTimestamp === undefined;
};

/** Pods that keep their names wherever they run: `web-0`, `web-1`, ... They are ready when this resolves. */
export async function runPods(lab: PlaneLab, app: string, replicas: number): Promise<void> {
  const labels = { app };
  const template = { metadata: { labels }, spec: { containers: [{ name: app, image: app }] } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  const metadata = { name: app, namespace };
  const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec, status: {} };
  makeObject(worldOf(lab), 'apps/statefulsets', set, momentOf(lab));
  lab.members.room.clock.catchUp();
  if (!(await lab.members.room.clock.until(() => readyPods(lab, app).length === replicas, readyTimeoutMs)))
    throw new Error(`the pods of ${app} did not get ready`);
}

function podsOf(lab: PlaneLab, app: string): readonly KubeObject[] {
  return listOf(worldOf(lab), '/pods', namespace)
    .map(({ object }) => object)
    .filter(({ metadata }) => metadata.labels?.app === app);
}

export function readyPods(lab: PlaneLab, app: string): readonly KubeObject[] {
  return podsOf(lab, app).filter(isReady);
}

/** `web-0 on blue-1`, with its uid: another one with that name is not the same. */
export function placesOf(lab: PlaneLab, app: string): readonly string[] {
  return podsOf(lab, app).map((pod) => `${pod.metadata.name} on ${nodeOf(pod)} ${pod.metadata.uid}`);
}

/** Makes it, or lets it keep as many from now on. It has counted its pods when this resolves. */
export async function keepPods(lab: PlaneLab, name: string, app: string, minAvailable: number): Promise<void> {
  const world = worldOf(lab);
  const found = read(world, budgets, namespace, name);
  const spec = { minAvailable, selector: { matchLabels: { app } } };
  const made = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace }, spec };
  if (found === undefined) makeObject(world, budgets, made, momentOf(lab));
  else changeObject(world, found, { ...found.object, spec });
  lab.members.room.clock.catchUp();
  const counted = () => {
    const budget = read(world, budgets, namespace, name)?.object;
    const status = (budget?.status ?? {}) as { readonly observedGeneration?: number; readonly desiredHealthy?: number };
    return status.observedGeneration === budget?.metadata.generation && status.desiredHealthy === minAvailable;
  };
  if (!(await lab.members.room.clock.until(counted, readyTimeoutMs))) throw new Error(`budget ${name} did not count its pods`);
}

export function dropBudget(lab: PlaneLab, name: string): void {
  const found = read(worldOf(lab), budgets, namespace, name);
  if (found !== undefined) deleteObject(worldOf(lab), found, momentOf(lab));
}

export interface Watched {
  /** Nodes that each pod has been on, in order. */
  readonly nodes: Map<string, string[]>;
  /** Pods of each app that were ready, at the fewest. */
  readonly fewest: Map<string, number>;
  readonly stop: () => void;
}

/** From now on: where each pod goes, and how many of an app are ready at the fewest. */
export function watchPods(lab: PlaneLab, ...apps: readonly string[]): Watched {
  const nodes = new Map<string, string[]>();
  const fewest = new Map(apps.map((app) => [app, readyPods(lab, app).length]));
  const note = (pod: KubeObject) => {
    const node = nodeOf(pod);
    const been = nodes.get(pod.metadata.name) ?? [];
    if (node !== '' && been.at(-1) !== node) been.push(node);
    nodes.set(pod.metadata.name, been);
  };
  for (const app of apps) for (const pod of podsOf(lab, app)) note(pod);
  const tell = ({ resource, object, type }: { resource: string; object: KubeObject; type: string }) => {
    const app = object.metadata.labels?.app ?? '';
    if (resource !== '/pods' || !apps.includes(app)) return;
    if (type !== 'DELETED') note(object);
    fewest.set(app, Math.min(fewest.get(app) ?? 0, readyPods(lab, app).length));
  };
  const stop = watchChanges(worldOf(lab), { tell, end: () => undefined });
  return { nodes, fewest, stop };
}

/** Names of nodes that take no pods. */
export function cordoned(lab: PlaneLab): readonly string[] {
  return listOf(worldOf(lab), '/nodes')
    .filter(({ object }) => (object.spec as { readonly unschedulable?: boolean } | undefined)?.unschedulable === true)
    .map(({ object }) => object.metadata.name);
}

const validating = 'admissionregistration.k8s.io/validatingwebhookconfigurations';

/** A webhook that must say yes to every change of these, and nobody answers for it. */
export function deadWebhook(lab: PlaneLab, name: string, resources: readonly string[]): void {
  const service = { namespace, name: 'nobody', port: 443, path: '/' };
  const rules = [{ operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: ['*'], apiVersions: ['*'], resources }];
  const webhooks = [
    {
      name,
      clientConfig: { service },
      rules,
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ];
  const metadata = { name };
  const kind = 'ValidatingWebhookConfiguration';
  const made = { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata, webhooks };
  makeObject(worldOf(lab), validating, made, momentOf(lab));
}

export function dropWebhook(lab: PlaneLab, name: string): void {
  const found = read(worldOf(lab), validating, '', name);
  if (found !== undefined) deleteObject(worldOf(lab), found, momentOf(lab));
}
