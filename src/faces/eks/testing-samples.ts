/** A small catalog and a cluster with two apiservers for the tests of this face. */
import type {
  Edge,
  Finding,
  KubernetesBuild,
  KubernetesCatalog,
  KubernetesCluster,
  KubernetesRelease,
  KubernetesSpec,
  Plan,
  Release,
  Upgrade,
} from '../../domain/index.ts';
import { emptyLedger } from '../../domain/index.ts';
import type { RequestedCluster } from './call.ts';

export const sampleAccount = '123456789012';
export const sampleRegion = 'eu-central-1';
export const sampleStart = '2026-11-25T10:00:00.250Z';
export const sampleAuthority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
export const sampleRole = `arn:aws:iam::${sampleAccount}:role/eks`;

function release(version: string, patches: readonly number[], ends: readonly [string, string]): KubernetesRelease {
  const builds = patches.map((patch): KubernetesBuild => ({ id: `eks.${patch}`, patch: `${version}.${patch}` }));
  const [endOfStandardSupport, endOfExtendedSupport] = ends;
  return {
    version,
    artefacts: [],
    builds,
    ...(builds.length === 0 ? {} : { defaultBuild: builds[builds.length - 1]?.id ?? '' }),
    etcd: '3.6.16',
    releasedAt: '2025-01-01T00:00:00.000Z',
    endOfStandardSupport,
    endOfExtendedSupport,
    removedGates: [],
    removedFlags: {},
    removedApis: [],
    introducedApis: [],
    addons: {},
  };
}

function edge(from: string, to: string, back?: true): Edge {
  return { from, to, mode: 'rolling', requires: [], oneWayDoors: [], ...(back === undefined ? {} : { back }) };
}

const supported = ['2027-06-01T00:00:00.000Z', '2028-06-01T00:00:00.000Z'] as const;

export const sampleCatalog: KubernetesCatalog = {
  engine: 'kubernetes',
  releases: [
    release('1.33', [1], ['2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']),
    release('1.34', [1], ['2026-06-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z']),
    release('1.35', [6], supported),
    release('1.36', [1, 3], supported),
    release('1.37', [2], supported),
  ],
  edges: [
    ...[edge('1.33', '1.34'), edge('1.34', '1.35'), edge('1.35', '1.36'), edge('1.36', '1.37')],
    ...[edge('1.37', '1.36', true), edge('1.36', '1.35', true), edge('1.35', '1.34', true)],
  ],
  etcd: [],
};

export function sampleSpec(change: Partial<KubernetesSpec> = {}): KubernetesSpec {
  return {
    kind: 'kubernetes',
    release: { version: '1.36', build: 'eks.3' },
    firstVersion: '1.35',
    gateAfterFirstMember: false,
    members: [],
    nodegroups: [],
    endpoint: 'https://127.77.3.1:6443',
    serviceCidr: '10.0.0.0/16',
    flags: {},
    soakMs: 0,
    authenticationUrl: null,
    face: {},
    ...change,
  };
}

export function sampleRequestedSpec(request: RequestedCluster): KubernetesSpec {
  const { release: wanted, serviceCidr, soakMs, drainTimeoutMs, endpoint, face } = request;
  return sampleSpec({
    release: wanted,
    firstVersion: wanted.version,
    serviceCidr: serviceCidr ?? '10.100.0.0/16',
    soakMs: soakMs ?? 1000,
    ...(drainTimeoutMs === undefined ? {} : { drainTimeoutMs }),
    ...(endpoint === undefined ? {} : { endpoint }),
    face,
  });
}

export function sampleCluster(
  name: string,
  change: Partial<KubernetesCluster> & { readonly running?: Release } = {},
): KubernetesCluster {
  const { running = { version: '1.36', build: 'eks.3' }, ...rest } = change;
  return {
    id: `k8s-${name}`,
    engine: 'kubernetes',
    origin: 'created',
    name,
    description: '',
    account: sampleAccount,
    region: sampleRegion,
    tags: {},
    spec: sampleSpec({ release: running }),
    secrets: { 'ca.crt': sampleAuthority },
    createdAt: sampleStart,
    updatedAt: sampleStart,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    ...rest,
  };
}

export function sampleFinding(check: string, kind: Finding['kind'], change: Partial<Finding> = {}): Finding {
  return {
    check,
    kind,
    hop: 0,
    subject: `subject of ${check}`,
    says: `${check} says so.`,
    evidence: [],
    remedy: 'Mend it.',
    ...change,
  };
}

type PlanParts = Pick<Plan, 'id' | 'clusterId' | 'from' | 'to' | 'hops' | 'findings' | 'reports' | 'madeAt'>;

export function samplePlan(change: PlanParts): Plan {
  return {
    engine: 'kubernetes',
    touches: [],
    estimateSeconds: 60,
    basis: 'sample',
    gateAfterFirstMember: false,
    madeBy: 'sample',
    ...change,
  };
}

export function sampleUpgrade(
  change: Pick<Upgrade, 'id' | 'clusterId' | 'planId' | 'from' | 'to' | 'createdAt'> & Partial<Upgrade>,
): Upgrade {
  return {
    status: 'running',
    intent: 'go',
    generation: 1,
    reason: null,
    ledger: emptyLedger,
    recorded: [],
    acknowledged: [],
    startedBy: 'sample',
    updatedAt: change.createdAt,
    endedAt: null,
    ...change,
  };
}
