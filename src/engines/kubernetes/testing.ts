/** A drafted cluster and the catalog for tests of this engine. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type {
  ClusterSpec,
  Hop,
  Host,
  Identity,
  KubernetesCatalog,
  KubernetesCluster,
  KubernetesSpec,
  MakerIo,
  Plan,
} from '../../domain/index.ts';
import { parseKubernetesCatalog } from './catalog.ts';
import { draft } from './draft/index.ts';

export const atTest = '2026-11-25T00:00:00.000Z';

export function theKubernetesCatalog(): KubernetesCatalog {
  const file = fileURLToPath(new URL('../../../catalog/kubernetes.yaml', import.meta.url));
  const result = parseKubernetesCatalog(parse(readFileSync(file, 'utf8')));
  if (result.kind === 'invalid') throw new Error(result.errors.join('; '));
  return result.catalog;
}

/** Certificates that say what they were asked for. */
export const readableCertificates: MakerIo['certificates'] = {
  authority: async (name) => readable({ authority: name }),
  issue: async (authority, request) => readable({ by: JSON.parse(authority.certificate).authority, ...request }),
  signingKeys: async () => ({ publicKey: 'public', privateKey: 'private' }),
};

function readable(what: unknown): Identity {
  return { certificate: JSON.stringify(what), key: `key of ${JSON.stringify(what)}` };
}

export function ioWith(
  host: Partial<Host> = {},
  http: MakerIo['http'] = () => Promise.reject(new Error('nobody is asked')),
): MakerIo {
  const freeLoopbackBlock: Host['freeLoopbackBlock'] = async (_ports, taken) =>
    taken.includes('127.77.3') ? '127.77.4' : '127.77.3';
  return {
    http,
    hosts: (key) => (key === 'local' ? ({ freeLoopbackBlock, ...host } as Host) : undefined),
    certificates: readableCertificates,
    now: () => atTest,
    pause: async () => undefined,
  };
}

export async function drafted(spec: ClusterSpec, others: readonly ClusterSpec[] = []): Promise<KubernetesCluster> {
  const request = {
    clusterId: 'k8s-1',
    spec,
    others,
    repositoryFolder: '/snapshots',
    authenticationUrl: 'https://127.0.0.1:9/token',
  };
  const result = await draft(request, ioWith());
  if (result.kind === 'refused') throw new Error(result.because.join(' '));
  return clusterOf(result.spec as KubernetesSpec, result.secrets);
}

export function clusterOf(spec: KubernetesSpec, secrets: Readonly<Record<string, string>> = {}): KubernetesCluster {
  return {
    id: 'k8s-1',
    engine: 'kubernetes',
    origin: 'created',
    name: 'one',
    description: '',
    account: '000000000000',
    region: 'us-east-1',
    tags: {},
    spec,
    secrets,
    createdAt: atTest,
    updatedAt: atTest,
    provisioning: { state: 'ready' },
    deleteAfter: null,
  };
}

/** A plan of one hop with nothing found, for those that carry it out without having planned it. */
export function planOfHop(clusterId: string, hop: Hop): Plan {
  return {
    id: 'plan',
    clusterId,
    engine: 'kubernetes',
    from: hop.from,
    to: hop.to,
    hops: [{ hop, waves: [], estimateSeconds: 0, oneWayDoors: [] }],
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: '',
    gateAfterFirstMember: false,
    madeAt: '2026-01-01T00:00:00.000Z',
    madeBy: 'test',
  };
}
