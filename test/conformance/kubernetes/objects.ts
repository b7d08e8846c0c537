/** Objects as the engine reads and writes them: making, changing, taking away, lists, watches, leases, definitions. */
import { array, object, pick } from '../answers.ts';
import type { Situation } from './course.ts';
import type { Subject } from './subject.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.conformance.example.org' },
  spec: {
    group: 'conformance.example.org',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v1beta1', served: true, storage: false, schema },
    ],
  },
};

async function made(subject: Subject, name: string): Promise<{ readonly uid: string; readonly resourceVersion: string }> {
  const { uid, resourceVersion } = object((await subject.create(maps, configMap(name))).metadata);
  return { uid: String(uid), resourceVersion: String(resourceVersion) };
}

/** Lines of a watch, each an event. */
function events(body: unknown): unknown {
  const all =
    typeof body === 'string'
      ? body
          .trim()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => object(JSON.parse(line)))
      : [object(body)];
  return all.map(({ type, object: about }) => {
    const { metadata, kind, code, reason, message } = object(about);
    return type === 'ERROR'
      ? { type, kind, code, reason, message: String(message).replaceAll(/\d+/g, '(number)') }
      : { type, kind, name: object(metadata).name };
  });
}

export const objects: readonly Situation[] = [
  {
    name: 'the identity of a cluster',
    tell: async (subject) => {
      const { status, body } = await subject.ask('/api/v1/namespaces/kube-system?resourceVersion=0');
      return { status, uid: typeof object(object(body).metadata).uid };
    },
  },
  {
    name: 'an object made twice, changed late, invalid, or gone',
    tell: async (subject) => {
      const { resourceVersion } = await made(subject, 'one');
      await subject.must(`${maps}/one`, { method: 'PUT', body: configMap('one', { a: '1' }) });
      const late = { ...configMap('one', { a: '2' }), metadata: { name: 'one', resourceVersion } };
      const precondition = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'another' } };
      const uid = String(object((await subject.must(`${maps}/one`, {})).metadata).uid);
      return {
        twice: await subject.told(maps, { method: 'POST', body: configMap('one') }),
        late: await subject.told(`${maps}/one`, { method: 'PUT', body: late }),
        invalid: await subject.told(maps, { method: 'POST', body: configMap('Not_A_Name') }),
        'not the one that was meant': await subject.told(`${maps}/one`, { method: 'DELETE', body: precondition }),
        'the one that was meant': pick(
          (await subject.ask(`${maps}/one`, { method: 'DELETE', body: { ...precondition, preconditions: { uid } } })).body,
          ['kind', 'status'],
        ),
        gone: await subject.told(`${maps}/one`),
        'gone before': await subject.told(`${maps}/one`, { method: 'DELETE' }),
        'no such namespace': await subject.told('/api/v1/namespaces/nowhere/configmaps', {
          method: 'POST',
          body: configMap('one'),
        }),
      };
    },
  },
  {
    name: 'patches',
    tell: async (subject) => {
      await made(subject, 'patched');
      const patch = (type: string, body: unknown) => subject.ask(`${maps}/patched`, { method: 'PATCH', type, body });
      const merged = await patch('application/merge-patch+json', { data: { a: '1', b: '2' } });
      const removed = await patch('application/merge-patch+json', { data: { a: null } });
      const tested = await patch('application/json-patch+json', [{ op: 'test', path: '/data/b', value: '3' }]);
      const strategic = await patch('application/strategic-merge-patch+json', { metadata: { labels: { x: 'y' } } });
      await subject.must(`${maps}/patched`, { method: 'DELETE' });
      return {
        merged: { status: merged.status, ...pick(merged.body, ['data']) },
        removed: { status: removed.status, ...pick(removed.body, ['data']) },
        tested: { status: tested.status, ...pick(tested.body, ['reason']) },
        strategic: { status: strategic.status, ...pick(object(strategic.body).metadata, ['labels']) },
        'of what is gone': await subject.told(`${maps}/patched`, {
          method: 'PATCH',
          type: 'application/merge-patch+json',
          body: {},
        }),
      };
    },
  },
  {
    name: 'a node is cordoned',
    tell: async (subject) => {
      const cordon = (unschedulable: boolean | null) =>
        subject.must('/api/v1/nodes/blue-1', {
          method: 'PATCH',
          type: 'application/strategic-merge-patch+json',
          body: { spec: { unschedulable } },
        });
      const on = await cordon(true);
      const taints = await subject.until('it is tainted', async () => {
        const { spec } = await subject.must('/api/v1/nodes/blue-1', {});
        const found = array(object(spec).taints).map((taint) => pick(taint, ['key', 'effect']));
        return found.length > 0 ? found : undefined;
      });
      const off = await cordon(null);
      await subject.until('the taint is gone', async () =>
        array(object((await subject.must('/api/v1/nodes/blue-1', {})).spec).taints).length === 0 ? true : undefined,
      );
      return { on: pick(on.spec, ['unschedulable']), taints, off: pick(off.spec, ['unschedulable']) };
    },
  },
  {
    name: 'lists, page by page',
    tell: async (subject) => {
      for (const name of ['a', 'b', 'c'])
        await subject.create(maps, { ...configMap(name), metadata: { name, labels: { paged: 'yes' } } });
      const path = `${maps}?labelSelector=paged%3Dyes`;
      const first = await subject.must(`${path}&limit=2`, {});
      const { continue: token, remainingItemCount } = object(first.metadata);
      const second = await subject.must(`${path}&limit=2&continue=${encodeURIComponent(String(token))}`, {});
      const { status, body } = await subject.told(`${path}&limit=2&continue=nonsense`);
      const bad = {
        status,
        reason: object(body).reason,
        says: String(object(body).message).replace(/(is not valid): .*$/, '$1'),
      };
      const names = (list: Readonly<Record<string, unknown>>) =>
        array(list.items).map((item) => object(object(item).metadata).name);
      for (const name of ['a', 'b', 'c']) await subject.must(`${maps}/${name}`, { method: 'DELETE' });
      return {
        first: names(first),
        kind: first.kind,
        remainingItemCount: remainingItemCount ?? null,
        second: names(second),
        more: object(second.metadata).continue ?? '',
        bad,
      };
    },
  },
  {
    name: 'watches',
    tell: async (subject) => {
      const selector = 'fieldSelector=metadata.name%3Dwatched';
      const { resourceVersion } = await made(subject, 'watched');
      await subject.must(`${maps}/watched`, {
        method: 'PATCH',
        type: 'application/merge-patch+json',
        body: { data: { a: '1' } },
      });
      await subject.must(`${maps}/watched`, { method: 'DELETE' });
      const since = await subject.ask(`${maps}?watch=true&timeoutSeconds=1&${selector}&resourceVersion=${resourceVersion}`);
      // Only what came after its start is remembered by an apiserver.
      const ancient = await subject.ask(`${maps}?watch=true&timeoutSeconds=1&${selector}&resourceVersion=1`, {
        of: 'apiserver-2',
      });
      return {
        since: { status: since.status, events: events(since.body) },
        ancient: { status: ancient.status, events: events(ancient.body) },
      };
    },
  },
  {
    name: 'leases',
    tell: async (subject) => {
      const lease = async (namespace: string, name: string) => {
        const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
        // A node takes its own a moment after it is ready.
        const { body } = await subject.until(`the lease ${name}`, async () => {
          const told = await subject.ask(path);
          return told.status === 200 ? told : undefined;
        });
        const { spec } = object(body);
        const { holderIdentity, leaseDurationSeconds, renewTime } = object(spec);
        return { holder: typeof holderIdentity, leaseDurationSeconds, renewed: typeof renewTime };
      };
      return {
        'kube-controller-manager': await lease('kube-system', 'kube-controller-manager'),
        'kube-scheduler': await lease('kube-system', 'kube-scheduler'),
        'a node': await lease('kube-node-lease', 'blue-1'),
      };
    },
  },
  {
    name: 'definitions of kinds and what is stored of them',
    tell: async (subject) => {
      await subject.create(definitions, definition);
      const path = `${definitions}/things.conformance.example.org`;
      const established = await subject.until('it is established', async () => {
        const { status } = await subject.must(path, {});
        const conditions = array(object(status).conditions)
          .map((one) => [object(one).type, object(one).status].join(' '))
          .sort();
        return conditions.includes('Established True') ? { conditions, ...pick(status, ['storedVersions']) } : undefined;
      });
      const things = '/apis/conformance.example.org/v1/namespaces/default/things';
      const thing = { apiVersion: 'conformance.example.org/v1', kind: 'Thing', metadata: { name: 'one' }, size: 1 };
      await subject.until('it is served', async () => ((await subject.ask(things)).status === 200 ? true : undefined));
      const created = await subject.create(things, thing);
      const other = await subject.must(things.replace('/v1/', '/v1beta1/').concat('/one'), {});
      const switched = definition.spec.versions.map((one) => ({ ...one, storage: !one.storage }));
      const patched = await subject.must(path, {
        method: 'PATCH',
        type: 'application/merge-patch+json',
        body: { spec: { versions: switched } },
      });
      const dropped = await subject.ask(`${path}/status`, {
        method: 'PATCH',
        type: 'application/merge-patch+json',
        body: { status: { storedVersions: ['v1beta1'] } },
      });
      const served = await subject.ask('/apis/conformance.example.org');
      await subject.must(path, { method: 'DELETE' });
      const gone = await subject.until('it is not served any more', async () => {
        const answer = await subject.told(things);
        return answer.status === 404 ? answer : undefined;
      });
      return {
        established,
        created: pick(created, ['apiVersion', 'kind', 'size']),
        other: pick(other, ['apiVersion', 'kind', 'size']),
        stored: object(patched.status).storedVersions,
        dropped: { status: dropped.status, ...pick(object(dropped.body).status, ['storedVersions']) },
        served: array(object(served.body).versions).map((one) => object(one).version),
        gone,
      };
    },
  },
  {
    name: 'registered APIs',
    tell: async (subject) => {
      const { items } = await subject.must('/apis/apiregistration.k8s.io/v1/apiservices', {});
      const shown = array(items).map((item) => {
        const { metadata, status } = object(item);
        const available = array(object(status).conditions).find((one) => object(one).type === 'Available');
        return [object(metadata).name, object(available).status, object(available).reason].join(' ');
      });
      return shown.filter((line) => /^v\d+\.(apps|policy|batch| )/.test(line)).sort();
    },
  },
];
