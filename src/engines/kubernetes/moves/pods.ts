/** Emptying a node: through the eviction API as budgets allow, or by deletion where its owner wants that. */
import { Type } from 'typebox';
import type { ActResult } from '../../../domain/index.ts';
import { type Answer, evict, type KubernetesClient, listReader, trouble } from '../client/index.ts';
import { done, failed, type Perform, theOne } from './move.ts';
import { readyApiserver } from './ready-apiserver.ts';

const Pods = listReader(
  'the pods of a node',
  Type.Object({
    metadata: Type.Object({
      namespace: Type.String(),
      name: Type.String(),
      uid: Type.String(),
      deletionTimestamp: Type.Optional(Type.String()),
      annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
      ownerReferences: Type.Optional(Type.Array(Type.Object({ kind: Type.String(), controller: Type.Optional(Type.Boolean()) }))),
    }),
  }),
);

/** A pod that its node made from a file of its own: the API cannot take it away. */
const mirrorAnnotation = 'kubernetes.io/config.mirror';
/** As many names stand in a sentence. */
const namesShown = 10;

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What an eviction is for: no mirror pod, none of a DaemonSet, none that is ending already. */
export async function podsToMove(client: KubernetesClient, node: string): Promise<Answer<readonly Pod[]>> {
  const listed = await client.list('/api/v1/pods', Pods, { query: { fieldSelector: `spec.nodeName=${node}` } });
  if (listed.kind !== 'ok') return listed;
  const moving = listed.value
    .map(({ metadata }) => metadata)
    .filter(
      ({ deletionTimestamp, annotations = {}, ownerReferences = [] }) =>
        deletionTimestamp === undefined &&
        annotations[mirrorAnnotation] === undefined &&
        !ownerReferences.some(({ kind, controller }) => kind === 'DaemonSet' && controller === true),
    );
  return { kind: 'ok', value: moving.map(({ namespace, name, uid }) => ({ namespace, name, uid })) };
}

export const evictPods: Perform = async (move, context, io) => {
  const { name } = theOne(move);
  return evictAll(await readyApiserver(context.cluster, io), name);
};

/** Asks once for each pod. What a budget keeps is told, not tried again here. */
export async function evictAll(client: KubernetesClient, node: string): Promise<ActResult> {
  const pods = await podsToMove(client, node);
  if (pods.kind !== 'ok') return failed(`The pods of ${node} could not be listed: ${trouble(pods)}`);
  const asked = await Promise.all(pods.value.map(async (pod) => ({ pod, end: await evict(client, pod) })));
  const moved = asked.filter(({ end }) => end.kind === 'evicted' || end.kind === 'gone').length;
  const kept = asked.flatMap(({ pod, end }) => (end.kind === 'blocked' ? [`${nameOf(pod)}: ${end.says}`] : []));
  const wrong = asked.flatMap(({ pod, end }) =>
    end.kind === 'misconfigured' || end.kind === 'failed' ? [`${nameOf(pod)}: ${end.says}`] : [],
  );
  const says = `${moved} of ${asked.length} pods of ${node} evicted.`;
  if (wrong.length > 0) return failed(`${says} Not evicted: ${short(wrong)}`, wrong);
  return done(kept.length === 0 ? says : `${says} Kept by a budget: ${short(kept)}`);
}

export const deletePods: Perform = async (move, context, io) => {
  const { name } = theOne(move);
  return deleteAll(await readyApiserver(context.cluster, io), name);
};

/** Whatever their budgets say; their grace time is kept. */
export async function deleteAll(client: KubernetesClient, node: string): Promise<ActResult> {
  const pods = await podsToMove(client, node);
  if (pods.kind !== 'ok') return failed(`The pods of ${node} could not be listed: ${trouble(pods)}`);
  const ends = await Promise.all(
    pods.value.map(async (pod) => ({ pod, end: await client.delete(podPath(pod), { uid: pod.uid }) })),
  );
  const wrong = ends.flatMap(({ pod, end }) =>
    end.kind === 'deleted' || end.kind === 'gone' ? [] : [`${nameOf(pod)}: ${trouble(end)}`],
  );
  if (wrong.length > 0) return failed(`Not every pod of ${node} could be deleted: ${short(wrong)}`, wrong);
  return done(`${ends.length} pods of ${node} deleted.`);
}

function podPath({ namespace, name }: Pod): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}

function short(lines: readonly string[]): string {
  const rest = lines.length - namesShown;
  return `${lines.slice(0, namesShown).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
