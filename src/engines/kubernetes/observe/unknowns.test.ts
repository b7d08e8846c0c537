import { describe, expect, it } from 'vitest';
import { observe, type Subject, unknownAbout } from './index.ts';
import { type Answers, catalog, changed, cluster, ioOf, recorded } from './testing.ts';

const first = 'https://127.66.6.11:6443';
const apis = `${first}/apis`;

async function look(answers: Answers) {
  const observation = await observe(cluster, catalog, ioOf({ answers }), 'plan');
  if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
  return { observation, seen: observation.cluster.seen };
}

const forbidden = { status: 403, body: { kind: 'Status', message: 'you may not', reason: 'Forbidden' } };
const endpoints = `${apis}/discovery.k8s.io/v1/namespaces/app/endpointslices?limit=500&labelSelector=kubernetes.io%2Fservice-name%3D`;

describe('what an observation could not find out', () => {
  it.each<[Subject, string]>([
    ['nodes', `${first}/api/v1/nodes?limit=100`],
    ['pods', `${first}/api/v1/pods?limit=500`],
    ['budgets', `${apis}/policy/v1/poddisruptionbudgets?limit=500`],
    ['webhooks', `${apis}/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations?limit=500`],
    ['webhooks', `${endpoints}web`],
    ['apiServices', `${apis}/apiregistration.k8s.io/v1/apiservices?limit=500`],
    ['customResources', `${apis}/apiextensions.k8s.io/v1/customresourcedefinitions?limit=50`],
    ['addons', `${apis}/apps/v1/namespaces/kube-system/daemonsets?limit=500`],
    ['deprecated', `${first}/metrics`],
    ['storageVersions', `${apis}/apps/v1`],
    ['clusterUid', `${first}/api/v1/namespaces/kube-system?resourceVersion=0`],
    ['controller', 'https://127.66.6.31:10257/metrics'],
    ['etcd', 'https://127.66.6.21:2379/metrics'],
    ['apiserver', `${first}/version`],
  ])('is told: %s', async (subject, url) => {
    expect(Object.hasOwn(recorded, url)).toBe(true);
    expect(unknownAbout((await look({})).observation, subject)).toBeNull();
    // Everything else is asked of the second apiserver when the first is not there.
    const others = subject === 'apiserver' ? secondAsFirst() : {};
    const { observation } = await look({ ...others, [url]: forbidden });
    expect(unknownAbout(observation, subject)).toContain('403');
  });

  it('says which part of an answer is not as it should be', async () => {
    const url = `${first}/api/v1/nodes?limit=100`;
    const answer = changed(url, (body: { items: object[] }) => ({
      ...body,
      items: body.items.map((node) => ({ ...node, status: {} })),
    }));
    const { observation } = await look({ [url]: answer });
    expect(observation.unknowns).toEqual([
      'nodes: the list of nodes is not as expected: items.0.status must have required properties nodeInfo',
    ]);
  });

  it('leaves a webhook out of which nobody tells whether it is there', async () => {
    const { seen } = await look({ [`${endpoints}web`]: forbidden });
    expect(seen.failingClosedWebhooks.map(({ webhook }) => webhook)).toEqual(['closed.example.com']);
  });

  it('holds no secret', async () => {
    const answers = Object.fromEntries(Object.keys(recorded).map((url) => [url, forbidden]));
    const { unknowns, cluster: looked } = await observe(cluster, catalog, ioOf({ answers }), 'plan');
    expect(unknowns.length).toBeGreaterThan(5);
    expect(JSON.stringify([unknowns, looked])).not.toContain('secret ');
  });

  it('is that a cluster has no certificate of ours', async () => {
    const foreign = { ...cluster, secrets: {} };
    const { cluster: looked, unknowns } = await observe(foreign, catalog, ioOf(), 'turn');
    expect(looked.kind).toBe('unreachable');
    expect(unknowns).toContain('apiserver apiserver-1: https://127.66.6.11:6443: there is no certificate admin to show it');
  });
});

function secondAsFirst(): Answers {
  const paths = Object.keys(recorded).filter((url) => url.startsWith(first));
  return Object.fromEntries(paths.map((url) => [url.replace('.11:', '.12:'), recorded[url] ?? null]));
}
