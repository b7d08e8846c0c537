/** Objects in rows, as kubectl prints them. */
import type { KubeObject } from '../world/index.ts';
import { isNodeReady } from '../world/index.ts';
import type { Ask } from './message.ts';
import type { Target } from './target.ts';

type Cell = string | number;
type Columns = readonly (readonly [name: string, cell: (object: KubeObject, ask: Ask) => Cell])[];

export function wantsTable({ request: { headers } }: Ask): boolean {
  return (headers.accept ?? '').split(',')[0]?.includes('as=Table') === true;
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const age = ({ metadata: { creationTimestamp = '' } }: KubeObject, { world, moment }: Ask): Cell => {
  const seconds = Math.max(0, Math.floor((world.epochMs + moment.nowMs - Date.parse(creationTimestamp)) / 1_000));
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
};

const columns: Readonly<Record<string, Columns>> = {
  nodes: [
    [
      'Status',
      (node) =>
        `${isNodeReady(node) ? 'Ready' : 'NotReady'}${fields(node.spec).unschedulable === true ? ',SchedulingDisabled' : ''}`,
    ],
    ['Roles', () => '<none>'],
    ['Age', age],
    ['Version', (node) => String(fields(fields(node.status).nodeInfo).kubeletVersion ?? '')],
  ],
  pods: [
    ['Ready', (pod) => `${readyContainers(pod)}/${(fields(pod.spec).containers as readonly unknown[] | undefined)?.length ?? 0}`],
    ['Status', (pod) => (pod.metadata.deletionTimestamp === undefined ? String(fields(pod.status).phase ?? '') : 'Terminating')],
    ['Restarts', () => 0],
    ['Age', age],
  ],
  deployments: [
    ['Ready', ({ spec, status }) => `${number(fields(status).readyReplicas)}/${number(fields(spec).replicas)}`],
    ['Up-to-date', ({ status }) => number(fields(status).updatedReplicas)],
    ['Available', ({ status }) => number(fields(status).availableReplicas)],
    ['Age', age],
  ],
  namespaces: [
    ['Status', ({ status }) => String(fields(status).phase ?? '')],
    ['Age', age],
  ],
};

function readyContainers({ status }: KubeObject): number {
  const containers = (fields(status).containerStatuses ?? []) as readonly { readonly ready?: boolean }[];
  return containers.filter(({ ready }) => ready === true).length;
}

export function asTable(ask: Ask, { type }: Target, objects: readonly KubeObject[], metadata: object): object {
  const shown = columns[type.resource] ?? [['Age', age] as const];
  const definition = (name: string) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: 0,
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [definition('Name'), ...shown.map(([name]) => definition(name))],
    rows: objects.map((object) => ({
      cells: [object.metadata.name, ...shown.map(([, cell]) => cell(object, ask))],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
