/** What an apiserver tells of itself. */
import { type ApiserverProcess, servedBy, timeAt, type World } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { ok } from './status.ts';

const hooks = [
  'aggregator-reload-proxy-client-cert',
  'apiservice-openapi-controller',
  'apiservice-openapiv3-controller',
  'peer-endpoint-reconciler-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-kubernetes-service-cidr-controller',
  'storage-readiness',
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`);

interface Probe {
  readonly name: string;
  readonly good: boolean;
}

/** `readyz`, `livez`, `healthz`, and each of their checks by itself. */
export function answerHealth({ world, apiserver, request }: Ask, words: readonly string[]): ApiResponse {
  const [endpoint = '', ...one] = words;
  const excluded = request.query.getAll('exclude');
  const probes = probesOf(world, apiserver, endpoint).filter(({ name }) => !excluded.includes(name));
  if (one.length > 0) {
    const probe = probes.find(({ name }) => name === one.join('/'));
    if (probe === undefined) return ok('404 page not found\n', 404);
    return probe.good ? ok('ok') : ok('internal server error: reason withheld\n', 500);
  }
  const good = probes.every((probe) => probe.good);
  if (good && !request.query.has('verbose')) return ok('ok');
  const lines = probes.map((probe) => (probe.good ? `[+]${probe.name} ok` : `[-]${probe.name} failed: reason withheld`));
  return ok(`${lines.join('\n')}\n${endpoint} check ${good ? 'passed' : 'failed'}\n`, good ? 200 : 500);
}

function probesOf(world: World, apiserver: ApiserverProcess, endpoint: string): readonly Probe[] {
  const etcd = world.etcd.quorum;
  const started = apiserver.ready || apiserver.shuttingDown;
  const probes: readonly Probe[] = [
    { name: 'ping', good: true },
    { name: 'log', good: true },
    { name: 'etcd', good: etcd },
    ...(endpoint === 'readyz'
      ? [
          { name: 'etcd-readiness', good: etcd },
          { name: 'informer-sync', good: started },
        ]
      : []),
    ...(endpoint === 'livez' ? [{ name: 'loopback-serving-certificate', good: true }] : []),
    ...[...hooks, 'autoregister-completion'].map((name) => ({ name, good: started || endpoint === 'livez' })),
  ];
  return endpoint === 'readyz' ? [...probes, { name: 'shutdown', good: !apiserver.shuttingDown }] : probes;
}

export function answerVersion({ apiserver, world }: Ask): ApiResponse {
  const [major = '1', minor = '0'] = apiserver.version.split('.');
  const [, emulated = minor] = apiserver.emulated.split('.');
  return ok({
    major,
    minor,
    emulationMajor: major,
    emulationMinor: emulated,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(emulated) - 1),
    gitVersion: `v${apiserver.version}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: timeAt(world, 0),
    goVersion: 'go1.26.8',
    compiler: 'gc',
    platform: 'linux/amd64',
  });
}

export function answerMetrics(ask: Ask): ApiResponse {
  const { world, apiserver } = ask;
  const lines: string[] = [];
  const metric = (name: string, kind: string, help: string, samples: readonly string[]) => {
    if (samples.length > 0)
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...samples.map((one) => `${name}${one}`));
  };
  metric(
    'apiserver_requested_deprecated_apis',
    'gauge',
    '[STABLE] Gauge of deprecated APIs that have been requested.',
    deprecated(apiserver),
  );
  metric('apiserver_storage_objects', 'gauge', '[STABLE] Number of stored objects at the time of last check.', counts(ask));
  metric('apiserver_resource_objects', 'gauge', '[ALPHA] Number of stored objects at the time of last check.', counts(ask));
  const [major, minor] = apiserver.version.split('.');
  metric('kubernetes_build_info', 'gauge', "[BETA] A metric with a constant '1' value labeled by its build.", [
    `{build_date="${timeAt(world, 0)}",compiler="gc",git_commit="",git_tree_state="clean",git_version="v${apiserver.version}",go_version="go1.26.8",major="${major}",minor="${minor}",platform="linux/amd64"} 1`,
  ]);
  metric('version_info', 'gauge', '[ALPHA] Versions that this component has.', [
    `{binary="${apiserver.version}",component="kube",emulation="${apiserver.emulated}"} 1`,
  ]);
  metric('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
    ` ${(world.epochMs + apiserver.startedMs) / 1_000}`,
  ]);
  return ok(`${lines.join('\n')}\n`);
}

function deprecated({ deprecated: asked }: ApiserverProcess): readonly string[] {
  return [...asked].map((text) => {
    const [group, version, resource, subresource, removed] = text.split('|');
    return `{group="${group}",removed_release="${removed}",resource="${resource}",subresource="${subresource}",version="${version}"} 1`;
  });
}

function counts({ world, apiserver }: Ask): readonly string[] {
  return servedBy(world, apiserver)
    .filter(({ verbs }) => verbs === undefined)
    .map(({ group, resource }) => {
      const count = world.byResource.get(`${group}/${resource}`)?.size ?? 0;
      return `{resource="${group === '' ? resource : `${resource}.${group}`}"} ${count}`;
    });
}
