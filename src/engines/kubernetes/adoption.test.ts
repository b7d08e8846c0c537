import { expect, it } from 'vitest';
import { findRoute, type KubernetesCluster, runChecks } from '../../domain/index.ts';
import { checks } from './checks/index.ts';
import { kubernetesEngine } from './engine.ts';
import { catalog, ioOf, look, cluster as recordedCluster, seenIn } from './observe/testing.ts';

const apiservers = ['apiserver-1', 'apiserver-2'];
const controllers = ['controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];

/** The recorded control plane as its owner would tell of it: no etcd, no node, no place for one more; a token to look with. */
const registered: KubernetesCluster = {
  ...recordedCluster,
  origin: 'registered',
  secrets: { 'ca.crt': 'authority', 'kubeconfig-token': 'abc' },
  spec: {
    ...recordedCluster.spec,
    firstVersion: 'that it runs',
    members: recordedCluster.spec.members.filter(({ name }) => [...apiservers, ...controllers, 'front-door'].includes(name)),
    nodegroups: [],
  },
};

/** No host has started any of it. */
const scene = { processes: () => ({ state: 'absent' }) as const };

it('a registered cluster is seen as one that was made here, by members that no host has started', async () => {
  const { observation, seen } = await look(scene, 'plan', registered);
  expect(observation.members.map(({ name, joined }) => [name, joined !== null])).toEqual(
    registered.spec.members.map(({ name }) => [name, true]),
  );
  expect(seen().apiservers.map(({ name }) => name)).toEqual(apiservers);
  expect([seen().etcd, seen().etcdClusterVersion]).toEqual([[], null]);
  expect(seen().nodes.map(({ name }) => name)).toEqual(['blue-1']);
  const adopted = kubernetesEngine.adoption(registered, observation);
  expect(adopted).toEqual({ spec: { ...registered.spec, firstVersion: '1.36' }, processIds: {}, missing: [] });
});

it('its members are its owner’s to start, those of a cluster that was made here are not', () => {
  expect(kubernetesEngine.members(registered).every(({ foreign }) => foreign === true)).toBe(true);
  expect(kubernetesEngine.members(recordedCluster).every(({ foreign }) => foreign === false)).toBe(true);
});

it('it is planned for, and every check has an end; that none of it can be started is a hazard', async () => {
  const { observation } = await look(scene, 'plan', registered);
  const from = kubernetesEngine.releaseOf(observation);
  if (from === null) throw new Error('it runs something');
  const route = findRoute(catalog, from, { version: '1.37', build: null });
  if (route.kind !== 'route') throw new Error(route.kind);
  const context = { cluster: registered, catalog, observation, seen: seenIn(observation), trials: [], history: [] };
  const reports = runChecks(checks, { ...context, now: ioOf().now() }, route.hops);
  const report = (id: string) => reports.find(({ check }) => check === id)?.result;
  expect(report('k8s.members-can-be-started')).toMatchObject({
    kind: 'found',
    findings: [{ kind: 'hazard', subject: 'cluster', evidence: expect.arrayContaining(['apiserver-1 at 127.66.6.11:6443']) }],
  });
  expect(report('k8s.control-plane-healthy')).toEqual({ kind: 'passed' });
  expect(report('k8s.trial-passed')?.kind).toBe('not-applicable');
  expect(report('k8s.etcd-healthy')?.kind).toBe('not-applicable');
  expect(report('k8s.webhooks-answer')?.kind).toBe('found');
  const [hop] = kubernetesEngine.planHops(registered, catalog, observation, route.hops);
  expect(hop?.waves.slice(0, 4)).toEqual([...apiservers, ...apiservers].map((name) => [name]));
  expect(hop?.waves.slice(4).flat().sort()).toEqual(controllers);
});

it('its owner has the kubeconfig, whatever we were given to look at it with', async () => {
  const given = { ...registered, secrets: { 'ca.crt': 'a', 'admin.crt': 'b', 'admin.key': 'c' } };
  const refused = await kubernetesEngine.call(given, { do: 'kubeconfig' }, ioOf());
  expect(refused).toEqual({ kind: 'refused', because: 'This cluster was registered: its owner has the kubeconfig.' });
});
