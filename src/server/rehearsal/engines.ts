/** What a rehearsal of each kind of cluster is made with. */
import { createCertificates } from '../../certificates/index.ts';
import type { RehearseParts } from '../../control/index.ts';
import {
  type Catalog,
  catalogRelease,
  type Host,
  type KubernetesCatalog,
  type KubernetesCluster,
  kubernetesSpec,
  type RehearsalJob,
  type Release,
} from '../../domain/index.ts';
import { elasticsearchEngine } from '../../engines/elasticsearch/index.ts';
import { kubernetesEngine } from '../../engines/kubernetes/index.ts';
import { elasticsearchRehearsals } from '../../simulators/elasticsearch/index.ts';
import { kubernetesRehearsals, type LaunchOf, simulatedPlane } from '../../simulators/kubernetes/index.ts';

export interface Prepared {
  readonly parts: RehearseParts;
  readonly job: RehearsalJob;
}

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const none = () => Promise.reject(new Error('a rehearsal of Elasticsearch makes no certificates'));

export async function elasticsearchRehearsal(job: RehearsalJob, catalog: Catalog): Promise<Prepared> {
  return {
    job,
    parts: {
      engines: { elasticsearch: { engine: elasticsearchEngine, catalog } },
      io: { certificates: { authority: none, issue: none, signingKeys: none } },
      log,
      rehearsals: elasticsearchRehearsals,
    },
  };
}

/** The twin of a control plane has keys of its own, the same for all runs: those of the cluster are not handed on. */
export async function kubernetesRehearsal(job: RehearsalJob, catalog: Catalog): Promise<Prepared> {
  const io = { certificates: createCertificates() };
  const twin = simulatedPlane({ ...job.cluster, spec: kubernetesSpec(job.cluster) });
  return {
    job: { ...job, cluster: { ...twin, secrets: await keysOf(twin, io) } },
    parts: {
      engines: { kubernetes: { engine: kubernetesEngine, catalog } },
      io,
      log,
      rehearsals: kubernetesRehearsals(launchOf(catalog as KubernetesCatalog)),
    },
  };
}

/** As for a cluster that is made; the addresses stay those of the twin, and no host is asked for others. */
async function keysOf({ id, spec }: KubernetesCluster, io: Pick<RehearseParts['io'], 'certificates'>) {
  const nowhere = { freeLoopbackBlock: async () => '127.0.0' } as Partial<Host> as Host;
  const outside = {
    ...io,
    http: () => Promise.reject(new Error('nobody is asked for the keys of a twin')),
    hosts: () => nowhere,
    now: () => new Date().toISOString(),
    pause: async () => undefined,
  };
  const request = { clusterId: id, spec, others: [], repositoryFolder: '/snapshots', authenticationUrl: '' };
  const drafted = await kubernetesEngine.draft(request, outside);
  if (drafted.kind === 'refused') throw new Error(drafted.because.join(' '));
  return drafted.secrets;
}

/** The catalog's build of that patch where it has one. */
function launchOf(catalog: KubernetesCatalog): LaunchOf {
  return (cluster, member, version, emulate) => {
    const isEtcd = cluster.spec.members.some(({ name, component }) => name === member && component === 'etcd');
    const release = isEtcd ? cluster.spec.release : releaseOf(catalog, version);
    const launch = kubernetesEngine.launch(cluster, catalog, member, release, {
      kind: 'join',
      ...(emulate === null ? {} : { emulate }),
    });
    return isEtcd ? { ...launch, release: { version, build: null } } : launch;
  };
}

function releaseOf(catalog: KubernetesCatalog, patch: string): Release {
  const version = patch.split('.').slice(0, 2).join('.');
  return { version, build: catalogRelease(catalog, version)?.builds.find((build) => build.patch === patch)?.id ?? null };
}
