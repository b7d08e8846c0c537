/** Objects in rows, as kubectl prints them. */
import type { KubeObject } from '../world/index.ts';
import { isNodeReady } from '../world/index.ts';
import type { Ask } from './message.ts';
import type { Target } from './target.ts';

type Cell = string | number;
/** `wide`: shown by `-o wide` alone. */
type Columns = readonly (readonly [name: string, cell: (object: KubeObject, ask: Ask) => Cell, wide?: 'wide'])[];

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

const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '<none>');
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);

/** `a=1,b=2`. */
const selector = ({ spec }: KubeObject): string =>
  Object.entries(fields(fields(fields(spec).selector).matchLabels ?? fields(spec).selector))
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';
const containers = ({ spec }: KubeObject): readonly Fields[] => list(fields(fields(fields(spec).template).spec).containers);
const containerNames = (object: KubeObject) =>
  containers(object)
    .map(({ name }) => String(name))
    .join(',');
const images = (object: KubeObject) =>
  containers(object)
    .map(({ image }) => String(image))
    .join(',');
const ofTemplate: Columns = [
  ['Containers', containerNames, 'wide'],
  ['Images', images, 'wide'],
  ['Selector', selector, 'wide'],
];
const address = (node: KubeObject, type: string) =>
  text(list(fields(node.status).addresses).find((one) => one.type === type)?.address);
const nodeInfo = (node: KubeObject, name: string) => text(fields(fields(node.status).nodeInfo)[name]);
const ports = ({ spec }: KubeObject) =>
  list(fields(spec).ports)
    .map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`)
    .join(',') || '<none>';

const columns: Readonly<Record<string, Columns>> = {
  nodes: [
    [
      'Status',
      (node) =>
        `${isNodeReady(node) ? 'Ready' : 'NotReady'}${fields(node.spec).unschedulable === true ? ',SchedulingDisabled' : ''}`,
    ],
    ['Roles', () => '<none>'],
    ['Age', age],
    ['Version', (node) => nodeInfo(node, 'kubeletVersion')],
    ['Internal-IP', (node) => address(node, 'InternalIP'), 'wide'],
    ['External-IP', (node) => address(node, 'ExternalIP'), 'wide'],
    ['OS-Image', (node) => nodeInfo(node, 'osImage'), 'wide'],
    ['Kernel-Version', (node) => nodeInfo(node, 'kernelVersion'), 'wide'],
    ['Container-Runtime', (node) => nodeInfo(node, 'containerRuntimeVersion'), 'wide'],
  ],
  pods: [
    ['Ready', (pod) => `${readyContainers(pod)}/${list(fields(pod.spec).containers).length}`],
    ['Status', (pod) => (pod.metadata.deletionTimestamp === undefined ? String(fields(pod.status).phase ?? '') : 'Terminating')],
    ['Restarts', () => 0],
    ['Age', age],
    ['IP', (pod) => text(fields(pod.status).podIP), 'wide'],
    ['Node', (pod) => text(fields(pod.spec).nodeName), 'wide'],
    ['Nominated Node', () => '<none>', 'wide'],
    ['Readiness Gates', () => '<none>', 'wide'],
  ],
  deployments: [
    ['Ready', ({ spec, status }) => `${number(fields(status).readyReplicas)}/${number(fields(spec).replicas)}`],
    ['Up-to-date', ({ status }) => number(fields(status).updatedReplicas)],
    ['Available', ({ status }) => number(fields(status).availableReplicas)],
    ['Age', age],
    ...ofTemplate,
  ],
  replicasets: [
    ['Desired', ({ spec }) => number(fields(spec).replicas)],
    ['Current', ({ status }) => number(fields(status).replicas)],
    ['Ready', ({ status }) => number(fields(status).readyReplicas)],
    ['Age', age],
    ...ofTemplate,
  ],
  statefulsets: [
    ['Ready', ({ spec, status }) => `${number(fields(status).readyReplicas)}/${number(fields(spec).replicas)}`],
    ['Age', age],
    ['Containers', containerNames, 'wide'],
    ['Images', images, 'wide'],
  ],
  daemonsets: [
    ['Desired', ({ status }) => number(fields(status).desiredNumberScheduled)],
    ['Current', ({ status }) => number(fields(status).currentNumberScheduled)],
    ['Ready', ({ status }) => number(fields(status).numberReady)],
    ['Up-to-date', ({ status }) => number(fields(status).updatedNumberScheduled)],
    ['Available', ({ status }) => number(fields(status).numberAvailable)],
    ['Age', age],
    ...ofTemplate,
  ],
  services: [
    ['Type', ({ spec }) => text(fields(spec).type)],
    ['Cluster-IP', ({ spec }) => text(fields(spec).clusterIP)],
    ['External-IP', () => '<none>'],
    ['Port(s)', ports],
    ['Age', age],
    ['Selector', selector, 'wide'],
  ],
  poddisruptionbudgets: [
    ['Min Available', ({ spec }) => String(fields(spec).minAvailable ?? 'N/A')],
    ['Max Unavailable', ({ spec }) => String(fields(spec).maxUnavailable ?? 'N/A')],
    ['Allowed Disruptions', ({ status }) => number(fields(status).disruptionsAllowed)],
    ['Age', age],
  ],
  configmaps: [
    ['Data', ({ data }) => Object.keys(fields(data)).length],
    ['Age', age],
  ],
  leases: [
    ['Holder', ({ spec }) => text(fields(spec).holderIdentity)],
    ['Age', age],
  ],
  namespaces: [
    ['Status', ({ status }) => String(fields(status).phase ?? '')],
    ['Age', age],
  ],
};

const ofUsage: Columns = [['Window', ({ window }) => text(window)]];

function readyContainers({ status }: KubeObject): number {
  const containers = (fields(status).containerStatuses ?? []) as readonly { readonly ready?: boolean }[];
  return containers.filter(({ ready }) => ready === true).length;
}

export function asTable(ask: Ask, { type }: Target, objects: readonly KubeObject[], metadata: object): object {
  const shown = type.measured === true ? ofUsage : (columns[type.resource] ?? [['Age', age] as const]);
  const definition = (name: string, wide?: 'wide') => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: wide === undefined ? 0 : 1,
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [definition('Name'), ...shown.map(([name, , wide]) => definition(name, wide))],
    rows: objects.map((object) => ({
      cells: [object.metadata.name, ...shown.map(([, cell]) => cell(object, ask))],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
