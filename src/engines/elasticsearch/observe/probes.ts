import type { Static } from 'typebox';
import type { ElasticsearchCluster, EngineIo, SeenDeprecation, SeenElasticsearch } from '../../../domain/index.ts';
import { DeprecationInfo, IlmStatus, MlInfo, MlJobs, reader, ShutdownRecords, SystemFeatures } from './answers.ts';
import { mayHave, probe } from './known.ts';

const readDeprecations = reader('deprecation info', DeprecationInfo);
const readFeatures = reader('system features', SystemFeatures);
const readMlInfo = reader('machine learning', MlInfo);
const readMlJobs = reader('machine learning jobs', MlJobs);
const readIlm = reader('index lifecycle management', IlmStatus);
const readShutdown = reader('node shutdown records', ShutdownRecords);

type Probed = Pick<
  SeenElasticsearch,
  'deprecations' | 'systemFeatures' | 'mlEnabled' | 'mlUpgradeMode' | 'mlOpenJobs' | 'ilmMode' | 'shutdownRecords'
>;

/** What not every distribution has. `lowestMajor` chooses the path: X-Pack's calls moved up one level with 7. */
export async function lookAtFeatures(cluster: ElasticsearchCluster, io: EngineIo, lowestMajor: number): Promise<Probed> {
  const seven = lowestMajor >= 7;
  const [deprecations, features, mlInfo, mlJobs, ilm, shutdown] = await Promise.all([
    probe(cluster, io, seven ? '/_migration/deprecations' : '/_xpack/migration/deprecations'),
    probe(cluster, io, '/_migration/system_features'),
    probe(cluster, io, seven ? '/_ml/info' : '/_xpack/ml/info'),
    probe(cluster, io, `${seven ? '/_ml' : '/_xpack/ml'}/anomaly_detectors/_stats`),
    probe(cluster, io, '/_ilm/status'),
    probe(cluster, io, '/_nodes/shutdown'),
  ]);
  const ml = readMlInfo(mlInfo);
  return {
    deprecations: mayHave('deprecation info', readDeprecations(deprecations), deprecationsOf),
    systemFeatures: mayHave('system features', readFeatures(features), (body) => featureStates[body.migration_status]),
    mlEnabled: mayHave('machine learning', ml, () => true),
    mlUpgradeMode: mayHave('machine learning', ml, (body) => body.upgrade_mode === true),
    mlOpenJobs: mayHave('machine learning jobs', readMlJobs(mlJobs), (body) =>
      (body.jobs ?? []).filter((job) => job.state !== 'closed').map((job) => job.job_id),
    ),
    ilmMode: mayHave('index lifecycle management', readIlm(ilm), (body) => body.operation_mode),
    shutdownRecords: mayHave('node shutdown records', readShutdown(shutdown), (body) =>
      body.nodes.map((record) => `${record.node_id} (${record.type})`),
    ),
  };
}

const featureStates = {
  MIGRATION_NEEDED: 'migration-needed',
  NO_MIGRATION_NEEDED: 'no-migration-needed',
  IN_PROGRESS: 'in-progress',
  ERROR: 'error',
} as const;

/** A deprecation that a rolling upgrade itself may clear on its way is a warning, whatever it is called. */
function deprecationsOf(info: Static<typeof DeprecationInfo>): readonly SeenDeprecation[] {
  const named = (what: string, groups: Readonly<Record<string, Listed>> = {}) =>
    Object.entries(groups).flatMap(([name, items]) => deprecated(`${what} ${name}`, items));
  return [
    ...deprecated('cluster', info.cluster_settings),
    ...deprecated('nodes', info.node_settings ?? []),
    ...deprecated('machine learning', info.ml_settings ?? []),
    ...named('index', info.index_settings),
    ...named('data stream', info.data_streams),
    ...named('template', info.templates),
    ...named('lifecycle policy', info.ilm_policies),
  ];
}

type Listed = Static<typeof DeprecationInfo>['cluster_settings'];

function deprecated(subject: string, items: Listed): readonly SeenDeprecation[] {
  return items.map(({ level, message, resolve_during_rolling_upgrade }) => ({
    subject,
    message,
    level:
      level === 'critical' && resolve_during_rolling_upgrade !== true
        ? ('critical' as const)
        : level === 'critical' || level === 'warning'
          ? ('warning' as const)
          : ('none' as const),
  }));
}
