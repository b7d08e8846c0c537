import { timeAt } from '../clock.ts';
import type { KubeObject, Moment, Stored, World } from '../model.ts';
import { changeObject, makeObject } from '../objects.ts';
import { ownedBy, ownerOf, type PodTemplate } from './workloads.ts';

interface DeploymentSpec {
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template: PodTemplate;
}

interface SetStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
}

const hashLabel = 'pod-template-hash';
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The set of the present template grows as the others shrink: a quarter more at a time, a quarter fewer ready. */
export function followDeployment(world: World, found: Stored, moment: Moment): void {
  const deployment = found.object;
  const { replicas = 1, template, paused = false } = deployment.spec as DeploymentSpec;
  const hash = hashOf(template);
  const sets = ownedBy(world, 'apps/replicasets', deployment);
  const current = sets.find(({ object }) => object.metadata.labels?.[hashLabel] === hash);
  const others = sets.filter((set) => set !== current);
  if (current === undefined && !paused) {
    makeSet(world, deployment, hash, others.length === 0 ? replicas : 0, moment);
  } else if (current !== undefined) {
    const old = others.reduce((sum, { object }) => sum + wantedOf(object), 0);
    const most = replicas + (old === 0 ? 0 : Math.ceil(replicas / 4));
    scaleTo(world, current, paused ? wantedOf(current.object) : Math.min(replicas, Math.max(most - old, 0)));
    let spare = readyOf(sets) - (replicas - Math.floor(replicas / 4));
    for (const set of others) {
      const take = Math.min(wantedOf(set.object), Math.max(0, spare));
      spare -= take;
      if (take > 0) scaleTo(world, set, wantedOf(set.object) - take);
    }
  }
  tellStatus(world, numbered(world, found, hash), hash, moment);
}

/** The set of the present template has the highest revision, and the deployment has it, too: rolling back goes by it. */
function numbered(world: World, found: Stored, hash: string): Stored {
  const sets = ownedBy(world, 'apps/replicasets', found.object);
  const current = sets.find(({ object }) => object.metadata.labels?.[hashLabel] === hash);
  if (current === undefined) return found;
  const before = Math.max(0, ...sets.filter((set) => set !== current).map(({ object }) => revisionOf(object)));
  const revision = String(Math.max(revisionOf(current.object), before + 1));
  const marked = ({ metadata, ...rest }: KubeObject): KubeObject => ({
    ...rest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [revisionAnnotation]: revision } },
  });
  changeObject(world, current, marked(current.object));
  return { ...found, object: changeObject(world, found, marked(found.object)) };
}

function revisionOf({ metadata: { annotations } }: KubeObject): number {
  return Number(annotations?.[revisionAnnotation] ?? 0);
}

function makeSet(world: World, deployment: KubeObject, hash: string, replicas: number, moment: Moment): void {
  const { template, selector } = deployment.spec as DeploymentSpec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const spec = {
    replicas,
    selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
  const { namespace = 'default', name } = deployment.metadata;
  const metadata = { name: `${name}-${hash}`, namespace, labels, ownerReferences: [ownerOf(deployment)] };
  makeObject(
    world,
    'apps/replicasets',
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec, status: { replicas: 0 } },
    moment,
  );
}

function scaleTo(world: World, set: Stored, replicas: number): void {
  changeObject(world, set, { ...set.object, spec: { ...(set.object.spec as object), replicas } });
}

function wantedOf(set: KubeObject): number {
  return (set.spec as DeploymentSpec).replicas ?? 1;
}

function readyOf(sets: readonly Stored[]): number {
  return sets.reduce((sum, { object }) => sum + ((object.status as SetStatus | undefined)?.readyReplicas ?? 0), 0);
}

function tellStatus(world: World, found: Stored, hash: string, moment: Moment): void {
  const deployment = found.object;
  const { replicas = 1 } = deployment.spec as DeploymentSpec;
  const sets = ownedBy(world, 'apps/replicasets', deployment);
  const total = sets.reduce((sum, { object }) => sum + ((object.status as SetStatus | undefined)?.replicas ?? 0), 0);
  const current = sets.filter(({ object }) => object.metadata.labels?.[hashLabel] === hash);
  const updated = current.reduce((sum, { object }) => sum + ((object.status as SetStatus | undefined)?.replicas ?? 0), 0);
  const ready = readyOf(sets);
  const available = ready >= replicas - Math.floor(replicas / 4);
  const was = (deployment.status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime: string }[];
  };
  const condition = (type: string, holds: boolean, reason: string, message: string) => {
    const before = was.conditions?.find((one) => one.type === type);
    const status = holds ? 'True' : 'False';
    const since = before?.status === status ? before.lastTransitionTime : timeAt(world, moment.nowMs);
    return { type, status, lastUpdateTime: since, lastTransitionTime: since, reason, message };
  };
  const name = `ReplicaSet "${deployment.metadata.name}-${hash}"`;
  const status = {
    observedGeneration: deployment.metadata.generation,
    replicas: total,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: Math.max(0, replicas - ready),
    conditions: [
      available
        ? condition('Available', true, 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
        : condition('Available', false, 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
      ready >= replicas && updated >= replicas
        ? condition('Progressing', true, 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
        : condition('Progressing', true, 'ReplicaSetUpdated', `${name} is progressing.`),
    ],
  };
  changeObject(world, found, { ...deployment, status });
}

/** Ten characters that stand for a template: the same one gives the same. */
function hashOf(template: PodTemplate): string {
  let hash = 2_166_136_261;
  for (const character of JSON.stringify(template)) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 9 }, (_, at) => letters[(hash >>> (at * 3)) % letters.length]).join('');
}
