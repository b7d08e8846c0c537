/** Evictions, as budgets allow them. */
import { array, object, pick } from '../answers.ts';
import type { Situation } from './course.ts';
import type { Subject } from './subject.ts';

const pods = '/api/v1/namespaces/default/pods';
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

async function runningPod(subject: Subject, name: string, labels: Readonly<Record<string, string>>): Promise<string> {
  const spec = {
    nodeName: 'blue-1',
    automountServiceAccountToken: false,
    containers: [{ name: 'one', image: 'example.org/one:1' }],
  };
  await subject.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec });
  return subject.until(`${name} is ready`, async () => {
    const { status, metadata } = await subject.must(`${pods}/${name}`, {});
    const ready = array(object(status).conditions).some((one) => object(one).type === 'Ready' && object(one).status === 'True');
    return ready ? String(object(metadata).uid) : undefined;
  });
}

async function budget(subject: Subject, name: string, app: string, minAvailable: number, expected: number): Promise<void> {
  const spec = { minAvailable, selector: { matchLabels: { app } } };
  await subject.create(budgets, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec });
  await subject.until(`${name} is followed up`, async () => {
    const { status } = await subject.must(`${budgets}/${name}`, {});
    const { observedGeneration, currentHealthy } = object(status);
    return observedGeneration === 1 && currentHealthy === expected ? true : undefined;
  });
}

const eviction = (name: string, uid?: string) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { namespace: 'default', name },
  ...(uid === undefined ? {} : { deleteOptions: { preconditions: { uid } } }),
});

const evict = (subject: Subject, name: string, uid?: string) =>
  subject.told(`${pods}/${name}/eviction`, { method: 'POST', body: eviction(name, uid) });

export const evictions: readonly Situation[] = [
  {
    name: 'evictions',
    tell: async (subject) => {
      await subject.until('its account is there', async () =>
        (await subject.ask('/api/v1/namespaces/default/serviceaccounts/default')).status === 200 ? true : undefined,
      );
      const free = await runningPod(subject, 'free', {});
      await runningPod(subject, 'kept', { app: 'kept' });
      await runningPod(subject, 'twice', { app: 'twice' });
      await budget(subject, 'keeps', 'kept', 1, 1);
      await budget(subject, 'first', 'twice', 0, 1);
      await budget(subject, 'second', 'twice', 0, 1);
      const { status } = await subject.must(`${budgets}/keeps`, {});
      return {
        'a budget that keeps': pick(status, [
          'disruptionsAllowed',
          'currentHealthy',
          'desiredHealthy',
          'expectedPods',
          'observedGeneration',
        ]),
        kept: await evict(subject, 'kept'),
        'two budgets': await evict(subject, 'twice'),
        'another one of its name': await evict(subject, 'free', '00000000-0000-0000-0000-000000000000'),
        evicted: await evict(subject, 'free', free),
        'not there': await evict(subject, 'nothing'),
      };
    },
  },
  {
    name: 'pods of a node',
    tell: async (subject) => {
      const { items, kind } = await subject.must(`/api/v1/pods?fieldSelector=spec.nodeName%3Dblue-1&limit=500`, {});
      const mine = array(items).filter((item) => ['kept', 'twice'].includes(String(object(object(item).metadata).name)));
      const shown = mine.map((item) => ({ ...pick(object(item).spec, ['nodeName']), ...pick(object(item).status, ['phase']) }));
      for (const name of ['kept', 'twice']) await subject.must(`${pods}/${name}?gracePeriodSeconds=0`, { method: 'DELETE' });
      for (const name of ['keeps', 'first', 'second']) await subject.must(`${budgets}/${name}`, { method: 'DELETE' });
      return { kind, shown };
    },
  },
];
