/** What members tell of themselves, and what they tell those who are not known or ask for what is not there. */
import { array, object, pick, type Told } from '../answers.ts';
import type { Situation } from './course.ts';
import type { Subject } from './subject.ts';

const versionFields = [
  'major',
  'minor',
  'emulationMajor',
  'emulationMinor',
  'minCompatibilityMajor',
  'minCompatibilityMinor',
  'gitVersion',
];

async function version(subject: Subject, of: string): Promise<unknown> {
  const { status, body } = await subject.ask('/version', { of });
  return { status, ...pick(body, versionFields) };
}

/** Its checks by name: in what order they come is nobody's concern. */
function checks({ status, body }: Told): unknown {
  const lines = String(body).trim().split('\n');
  const last = lines.at(-1);
  return { status, last, checks: lines.slice(0, -1).sort() };
}

/** Samples of one metric, their labels alone, without those that differ from build to build. */
export function samples({ status, body }: Told, name: string, labels: readonly string[]): unknown {
  const lines = String(body)
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const shown = lines.map((line) => ({
    ...Object.fromEntries(labels.map((label) => [label, new RegExp(`[{,]${label}="([^"]*)"`).exec(line)?.[1] ?? null])),
    value: Number(line.slice(line.lastIndexOf(' ') + 1)),
  }));
  return { status, samples: shown.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) };
}

async function controller(subject: Subject, component: string): Promise<unknown> {
  const members = [`${component}-1`, `${component}-2`];
  const figures = await Promise.all(members.map((of) => subject.ask('/metrics', { of })));
  const leads = figures.map(({ body }) => /^leader_election_master_status\{[^}]*\} 1$/m.test(String(body)));
  const [first = { status: 0, body: '' }] = figures;
  return {
    health: await subject.told('/healthz', { of: `${component}-1` }),
    'health for nobody': await subject.told('/healthz', { of: `${component}-1`, as: 'nobody' }),
    build: samples(first, 'kubernetes_build_info', ['git_version', 'major', 'minor']),
    names: [...String(first.body).matchAll(/^leader_election_master_status\{name="([^"]*)"/gm)].map(([, name]) => name),
    leaders: leads.filter(Boolean).length,
    'figures for nobody': await subject.told('/metrics', { of: `${component}-1`, as: 'nobody' }),
    'a path that nobody knows': await subject.told('/nothing', { of: `${component}-1` }),
  };
}

/** Kinds whose versions come and go between 1.36 and 1.37, beside some that stay. */
const watched = [
  'certificates.k8s.io/v1',
  'resource.k8s.io/v1',
  'storagemigration.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'policy/v1',
  'networking.k8s.io/v1',
  'apps/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'coordination.k8s.io/v1',
];

async function served(subject: Subject, of: string): Promise<unknown> {
  const groups = array(object((await subject.ask('/apis', { of })).body).groups);
  // Metrics come from a server that is installed in a real cluster; the fake always has them, as its README says.
  const kept = groups.filter((group) => object(group).name !== 'metrics.k8s.io');
  const versions = kept.map((group) => [object(group).name, array(object(group).versions).map((one) => object(one).version)]);
  const resources = await Promise.all(watched.map(async (api) => [api, await resourcesOf(subject, `/apis/${api}`, of)]));
  return {
    groups: Object.fromEntries(versions.sort()),
    resources: Object.fromEntries([...resources, ['v1', await resourcesOf(subject, '/api/v1', of)]]),
  };
}

async function resourcesOf(subject: Subject, path: string, of: string): Promise<unknown> {
  const { status, body } = await subject.ask(path, { of });
  if (status !== 200) return { status };
  // What is not stored is of no concern: subresources, reviews.
  const stored = array(object(body).resources).filter((one) => object(one).storageVersionHash !== undefined);
  const shown = stored.map((one) => {
    const { name, namespaced, kind, verbs, storageVersionHash } = object(one);
    return [name, namespaced === true, kind, [...array(verbs)].sort().join(), storageVersionHash].join(' ');
  });
  return { status, resources: shown.sort() };
}

export const selves: readonly Situation[] = [
  { name: 'the version of an apiserver', tell: (subject) => version(subject, 'apiserver-1') },
  {
    name: 'readiness of an apiserver',
    tell: async (subject) => ({
      verbose: checks(await subject.ask('/readyz?verbose')),
      plain: await subject.told('/readyz'),
      one: await subject.told('/readyz/etcd'),
      unknown: await subject.told('/readyz/nothing'),
    }),
  },
  {
    name: 'liveness and health of an apiserver',
    tell: async (subject) => ({
      live: checks(await subject.ask('/livez?verbose')),
      health: await subject.told('/healthz'),
      nobody: await subject.told('/healthz', { as: 'nobody' }),
    }),
  },
  { name: 'the front door', tell: (subject) => subject.told('/readyz', { of: 'front-door' }) },
  { name: 'a controller manager', tell: (subject) => controller(subject, 'controller-manager') },
  { name: 'a scheduler', tell: (subject) => controller(subject, 'scheduler') },
  {
    name: 'paths that nobody knows',
    tell: async (subject) => ({
      outside: await subject.told('/nothing'),
      'a resource': await subject.told('/api/v1/nothings'),
      'a group': await subject.told('/apis/nothing.example.org/v1/things'),
      'a version': await subject.told('/apis/policy/v9/poddisruptionbudgets'),
    }),
  },
  {
    name: 'people who are not known',
    tell: async (subject) => ({
      'a token that nobody issued': await subject.told('/api/v1/nodes', { as: 'stranger' }),
      'nobody asks for nodes': await subject.told('/api/v1/nodes', { as: 'nobody' }),
      'nobody asks for a pod': await subject.told('/api/v1/namespaces/default/pods/one', { as: 'nobody' }),
      'nobody asks for figures': await subject.told('/metrics', { as: 'nobody' }),
      'nobody asks for a path': await subject.told('/nothing', { as: 'nobody' }),
      'nobody asks for the version': (await subject.ask('/version', { as: 'nobody' })).status,
    }),
  },
  { name: 'what is served', tell: (subject) => served(subject, 'apiserver-1') },
  {
    name: 'requests for what is announced to go',
    tell: async (subject) => {
      await subject.must('/api/v1/endpoints', {});
      await subject.must('/api/v1/componentstatuses', {});
      const labels = ['group', 'version', 'resource', 'subresource', 'removed_release'];
      return samples(await subject.ask('/metrics'), 'apiserver_requested_deprecated_apis', labels);
    },
  },
  {
    name: 'an apiserver of the next minor that behaves as the old one',
    tell: async (subject) => {
      await subject.emulate();
      return {
        version: await version(subject, 'apiserver-2'),
        served: await served(subject, 'apiserver-2'),
        'a kind of the next minor': await subject.told('/apis/certificates.k8s.io/v1/clustertrustbundles', { of: 'apiserver-2' }),
        'readiness, with all that is checked': checks(await subject.ask('/readyz?verbose', { of: 'apiserver-2' })),
        'the old apiserver beside it': await version(subject, 'apiserver-1'),
      };
    },
  },
];
