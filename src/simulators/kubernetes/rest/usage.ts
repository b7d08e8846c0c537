/** What nodes and pods use, as the metrics API tells it. Nothing runs here: it is a share of what pods ask for, which varies with time. */
import { createHash } from 'node:crypto';
import { type KubeObject, listOf, timeAt, type World } from '../world/index.ts';
import { choiceOf } from './choose.ts';
import type { ApiResponse, Ask } from './message.ts';
import { badRequest, methodNotAllowed, notFound, ok } from './status.ts';
import { asTable, wantsTable } from './table.ts';
import type { Target } from './target.ts';

interface Usage {
  readonly cpuMilli: number;
  readonly memoryKi: number;
}

/** Of a container that asks for nothing, and of a node without pods. */
const idleContainer: Usage = { cpuMilli: 5, memoryKi: 24 * 1024 };
const idleNode: Usage = { cpuMilli: 60, memoryKi: 420 * 1024 };
/** It is measured so often, and is the same in between. */
const windowMs = 15_000;

export function answerUsage(ask: Ask, target: Target): ApiResponse {
  const { method, query } = ask.request;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed();
  if (['true', '1'].includes(query.get('watch') ?? '')) return methodNotAllowed();
  const choice = choiceOf(query);
  if (typeof choice !== 'function') return badRequest(choice.wrong);
  const all = target.type.resource === 'nodes' ? ofNodes(ask) : ofPods(ask, target.namespace);
  const chosen = all.filter((object) => (target.name === '' || object.metadata.name === target.name) && choice(object));
  const [one] = chosen;
  if (target.name !== '' && one === undefined) return notFound(target.type.group, target.type.resource, target.name);
  if (wantsTable(ask)) return ok(asTable(ask, target, chosen, {}));
  if (target.name !== '') return ok(one);
  return ok({ kind: `${target.type.kind}List`, apiVersion: target.groupVersion, metadata: {}, items: chosen });
}

function ofNodes(ask: Ask): readonly KubeObject[] {
  const { world } = ask;
  const used = new Map<string, Usage>();
  for (const pod of running(world, '')) {
    const node = (pod.spec as { readonly nodeName?: string }).nodeName ?? '';
    used.set(
      node,
      containersOf(ask, pod).reduce((sum, { usage }) => plus(sum, usage), used.get(node) ?? idleNode),
    );
  }
  return listOf(world, '/nodes')
    .map(({ object }) => object)
    .filter(({ metadata: { name } }) => world.kubelets.has(name))
    .map((node) => ({ ...measured(ask, 'NodeMetrics', node), usage: told(used.get(node.metadata.name) ?? idleNode) }));
}

function ofPods(ask: Ask, namespace: string): readonly KubeObject[] {
  return running(ask.world, namespace).map((pod) => ({
    ...measured(ask, 'PodMetrics', pod),
    containers: containersOf(ask, pod).map(({ name, usage }) => ({ name, usage: told(usage) })),
  }));
}

function running(world: World, namespace: string): readonly KubeObject[] {
  return listOf(world, '/pods', namespace)
    .map(({ object }) => object)
    .filter(({ spec, status }) => {
      const { nodeName = '' } = spec as { readonly nodeName?: string };
      return (status as { readonly phase?: string } | undefined)?.phase === 'Running' && world.kubelets.has(nodeName);
    });
}

function measured({ world, moment }: Ask, kind: string, { metadata }: KubeObject): KubeObject {
  const { name, namespace, labels } = metadata;
  const at = timeAt(world, moment.nowMs - (moment.nowMs % windowMs));
  const place = { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) };
  const about = { creationTimestamp: timeAt(world, moment.nowMs) };
  return { kind, apiVersion: 'metrics.k8s.io/v1beta1', metadata: { ...place, ...about }, timestamp: at, window: '15s' };
}

function containersOf({ moment }: Ask, { spec, metadata: { uid = '' } }: KubeObject) {
  const { containers = [] } = spec as {
    readonly containers?: readonly { readonly name: string; readonly resources?: { readonly requests?: Asked } }[];
  };
  const slot = Math.floor(moment.nowMs / windowMs);
  return containers.map(({ name, resources }) => {
    const { cpu, memory } = resources?.requests ?? {};
    const asks = {
      cpuMilli: cpu === undefined ? idleContainer.cpuMilli : amountOf(cpu) * 1_000,
      memoryKi: memory === undefined ? idleContainer.memoryKi : amountOf(memory) / 1_024,
    };
    // Memory stays as it is; what is computed goes up and down.
    const usage = {
      cpuMilli: asks.cpuMilli * (0.3 + 0.5 * share(`${uid} ${name} ${slot}`)),
      memoryKi: asks.memoryKi * (0.5 + 0.3 * share(`${uid} ${name}`)),
    };
    return { name, usage };
  });
}

interface Asked {
  readonly cpu?: string | number;
  readonly memory?: string | number;
}

/** From 0 to 1, always the same for the same text. */
function share(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

const units: Readonly<Record<string, number>> = {
  ...{ m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

/** `500m`, `0.5`, `64Mi`; 0 for what is no amount: kinds of objects are hardly checked. */
export function amountOf(text: string | number): number {
  const [, number = '0', unit = ''] = /^(\d+(?:\.\d+)?(?:e\d+)?)([a-zA-Z]*)$/.exec(String(text)) ?? [];
  return Number(number) * (units[unit] ?? 0);
}

function plus(a: Usage, b: Usage): Usage {
  return { cpuMilli: a.cpuMilli + b.cpuMilli, memoryKi: a.memoryKi + b.memoryKi };
}

function told({ cpuMilli, memoryKi }: Usage) {
  return { cpu: `${Math.round(cpuMilli * 1e6)}n`, memory: `${Math.round(memoryKi)}Ki` };
}
