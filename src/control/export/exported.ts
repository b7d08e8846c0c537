import {
  type Cluster,
  type ElasticsearchSpec,
  type ExportedObservation,
  elasticsearchSpec,
  exportedFormat,
  exportedVersion,
  type Instant,
  type KubernetesSpec,
  kubernetesSpec,
  type MemberProcess,
  type Observation,
  type SeenElasticsearch,
  type SeenHost,
  type SeenKubernetes,
  type SeenMember,
} from '../../domain/index.ts';
import { withoutNames } from './anonymous.ts';
import { scrub } from './scrub.ts';
import { createScrubber, leftOut } from './secrets.ts';

/** The observation must be one that saw the cluster. */
export function exportedFrom(cluster: Cluster, observation: Observation<unknown>, anonymous: boolean): ExportedObservation {
  const { cluster: account, at, members, hosts, unknowns } = observation;
  if (account.kind !== 'seen') throw new Error('what was not seen cannot be exported');
  const common = {
    format: exportedFormat,
    version: exportedVersion,
    name: cluster.name,
    anonymous,
    takenAt: at,
    members: members.map(memberToTell),
    hosts: Object.fromEntries(Object.entries(hosts).map(([key, host]) => [key, hostToTell(host)])),
    unknowns,
  } as const;
  const exported: ExportedObservation =
    cluster.engine === 'elasticsearch'
      ? {
          ...common,
          engine: 'elasticsearch',
          spec: elasticsearchToTell(elasticsearchSpec(cluster)),
          seen: account.seen as SeenElasticsearch,
        }
      : {
          ...common,
          engine: 'kubernetes',
          spec: kubernetesToTell(kubernetesSpec(cluster)),
          seen: account.seen as SeenKubernetes,
        };
  const clean = scrub(exported, createScrubber(Object.values(cluster.secrets)));
  return anonymous ? withoutNames(clean) : clean;
}

/** As a cluster that this server may plan for, and nobody can be asked about. */
export function clusterOfExported({ engine, name, spec, takenAt }: ExportedObservation, account: string, now: Instant): Cluster {
  return {
    id: engine === 'elasticsearch' ? 'es-cn-fromafile0000000' : 'k8s-fromafile0000000',
    engine,
    // A control plane of its owner's is never lifted, and so never exported.
    origin: engine === 'kubernetes' ? 'created' : 'registered',
    name,
    description: '',
    account,
    region: '',
    tags: {},
    spec,
    secrets: {},
    createdAt: takenAt,
    updatedAt: now,
    provisioning: { state: 'ready' },
    deleteAfter: null,
  };
}

/** Hooks are commands of the owner, and no rehearsal runs them. */
function elasticsearchToTell(spec: ElasticsearchSpec): ElasticsearchSpec {
  return { ...spec, username: null, hooks: { preStop: null, postStart: null } };
}

/** The address of the token webhook has a secret in it. */
function kubernetesToTell(spec: KubernetesSpec): KubernetesSpec {
  const nodegroups = spec.nodegroups.map((group) => ({ ...group, tags: {}, face: {} }));
  return { ...spec, nodegroups, authenticationUrl: null, face: {} };
}

/** What a program wrote before it ended may be anything. */
function memberToTell({ process, ...member }: SeenMember): SeenMember {
  return { ...member, process: processToTell(process) };
}

function processToTell(process: MemberProcess): MemberProcess {
  if (process.state === 'stopped') return { ...process, lastLines: [] };
  return process.state === 'unknown' ? { ...process, because: leftOut } : process;
}

function hostToTell(host: SeenHost): SeenHost {
  return host.kind === 'unreachable' ? { ...host, because: leftOut } : host;
}
