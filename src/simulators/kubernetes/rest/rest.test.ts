import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../dice.ts';
import {
  advance,
  createApiserver,
  createWorld,
  isPodReady,
  type KubeObject,
  setControllers,
  startKubelet,
  type World,
} from '../world/index.ts';
import { type ApiResponse, answer, type WatchEvent } from './index.ts';

type Answered = Extract<ApiResponse, { kind: 'answer' }>;

function aServer() {
  const random = seededRandom(7);
  const world: World = createWorld(Date.parse('2026-01-01T00:00:00Z'), { nowMs: 0, random });
  const apiserver = createApiserver({ name: 'one', version: '1.36.3', startedMs: 0 });
  apiserver.ready = true;
  let nowMs = 0;
  const call = (method: string, path: string, body: unknown = '', more: Readonly<Record<string, string>> = {}) => {
    const [bare = '', query = ''] = path.split('?');
    const headers = { 'content-type': 'application/json', ...more };
    const text = body === '' ? '' : JSON.stringify(body);
    const request = { method, path: bare, query: new URLSearchParams(query), headers, body: text };
    return answer(world, apiserver, { ...request, user: 'admin', groups: ['system:masters'] }, { nowMs, random });
  };
  const ask = (...words: Parameters<typeof call>) => call(...words) as Answered & { body: Readonly<Record<string, unknown>> };
  const watch = (path: string) => {
    const events: WatchEvent[] = [];
    const opened = call('GET', path);
    if (opened.kind !== 'watch') throw new Error(`no watch: ${JSON.stringify(opened.body)}`);
    const leave = opened.open(
      (event) => events.push(event),
      () => undefined,
    );
    return { events, leave };
  };
  const pass = (ms: number) => {
    nowMs += ms;
    advance(world, { nowMs, random });
  };
  return { world, ask, watch, pass };
}

const maps = '/api/v1/namespaces/default/configmaps';
const aMap = (name: string, value: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } });
const versionOf = ({ body }: { readonly body: unknown }) =>
  Number((body as { metadata: { resourceVersion: string } }).metadata.resourceVersion);

/** What somebody may do to one of a few objects. */
const deeds = fc.array(
  fc.record({ on: fc.constantFrom('a', 'b', 'c'), what: fc.constantFrom('put', 'delete'), value: fc.constantFrom('1', '2') }),
  { minLength: 1, maxLength: 30 },
);

function carriedOut({ ask }: ReturnType<typeof aServer>, { on, what, value }: { on: string; what: string; value: string }) {
  if (what === 'delete') return ask('DELETE', `${maps}/${on}`);
  const changed = ask('PUT', `${maps}/${on}`, aMap(on, value));
  return changed.status === 404 ? ask('POST', maps, aMap(on, value)) : changed;
}

describe('the API of a simulated apiserver', () => {
  it('never lets the version go back, and raises it with each change', () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const server = aServer();
        let last = versionOf(server.ask('GET', maps));
        for (const deed of all) {
          const before = JSON.stringify(server.ask('GET', maps).body.items);
          carriedOut(server, deed);
          const now = server.ask('GET', maps);
          const same = JSON.stringify(now.body.items) === before;
          expect(versionOf(now) > last).toBe(!same);
          last = versionOf(now);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives a watch exactly the changes since a version, wherever it begins', () => {
    fc.assert(
      fc.property(deeds, deeds, deeds, (before, between, after) => {
        const server = aServer();
        for (const deed of before) carriedOut(server, deed);
        const list = server.ask('GET', maps);
        const held = new Map(
          (list.body.items as { metadata: { name: string } }[]).map((one) => [one.metadata.name, one as unknown]),
        );
        for (const deed of between) carriedOut(server, deed);
        const { events, leave } = server.watch(`${maps}?watch=true&resourceVersion=${versionOf(list)}`);
        for (const deed of after) carriedOut(server, deed);
        leave();
        let last = versionOf(list);
        for (const { type, object } of events) {
          const { metadata, data } = object as { metadata: { name: string; resourceVersion: string }; data: unknown };
          expect(Number(metadata.resourceVersion)).toBeGreaterThan(last);
          last = Number(metadata.resourceVersion);
          expect(type === 'ADDED').toBe(!held.has(metadata.name));
          if (type === 'DELETED') held.delete(metadata.name);
          else held.set(metadata.name, { metadata, data });
        }
        const inTheEnd = server.ask('GET', maps).body.items as { metadata: { name: string }; data: unknown }[];
        const shown = (all: readonly unknown[]) =>
          Object.fromEntries((all as typeof inTheEnd).map(({ metadata, data }) => [metadata.name, data]));
        expect(shown([...held.values()])).toEqual(shown(inTheEnd));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a change that was made from an older version with 409, and one without a version not', () => {
    const { ask } = aServer();
    const first = ask('POST', maps, aMap('a', '1')).body as { metadata: object };
    expect(ask('PUT', `${maps}/a`, { ...first, data: { value: '2' } }).status).toBe(200);
    const late = ask('PUT', `${maps}/a`, { ...first, data: { value: '3' } });
    expect(late).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    expect(ask('PUT', `${maps}/a`, aMap('a', '4')).status).toBe(200);
    expect(ask('GET', `${maps}/a`).body.data).toEqual({ value: '4' });
  });

  it('gives every object of a list once, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        (names, limit) => {
          const { ask } = aServer();
          for (const name of names) ask('POST', maps, aMap(name, '1'));
          const seen: string[] = [];
          for (let more: string | undefined = ''; more !== undefined; ) {
            const { items, metadata } = ask('GET', `${maps}?limit=${limit}&continue=${more}`).body as unknown as {
              items: { metadata: { name: string } }[];
              metadata: { continue?: string };
            };
            expect(items.length).toBeLessThanOrEqual(limit);
            seen.push(...items.map((one) => one.metadata.name));
            more = metadata.continue;
          }
          expect(seen).toEqual([...names].sort());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never evicts below what a budget asks for, whoever asks for which pods and when', () => {
    const steps = fc.array(fc.record({ pod: fc.integer({ min: 0, max: 4 }), waitMs: fc.integer({ min: 0, max: 4_000 }) }), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (minAvailable, all) => {
        const { world, ask, pass } = aServer();
        setControllers(world, { manager: true, scheduler: true });
        for (const name of ['n1', 'n2'])
          startKubelet(world, { name, version: '1.36.3', labels: {}, taints: [] }, { nowMs: 0, random: seededRandom(3) });
        const labels = { app: 'web' };
        const pods = '/api/v1/namespaces/default/pods';
        for (let at = 0; at < 5; at += 1) {
          const spec = { nodeName: at % 2 === 0 ? 'n1' : 'n2', containers: [{ name: 'web', image: 'web' }] };
          ask('POST', pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name: `web-${at}`, labels }, spec });
        }
        const spec = { minAvailable, selector: { matchLabels: labels } };
        const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec };
        ask('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', budget);
        pass(20_000);
        const ready = () =>
          (ask('GET', pods).body.items as unknown as KubeObject[]).filter(
            (pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined,
          ).length;
        expect(ready()).toBe(5);
        for (const { pod, waitMs } of all) {
          const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: `web-${pod}` } };
          const end = ask('POST', `${pods}/web-${pod}/eviction`, eviction);
          expect([201, 404, 429]).toContain(end.status);
          expect(ready()).toBeGreaterThanOrEqual(minAvailable);
          pass(waitMs);
        }
        pass(10_000);
        if (all.length > 0) expect(ready()).toBe(Math.max(minAvailable, 5 - new Set(all.map(({ pod }) => pod)).size));
      }),
      { numRuns: 25 },
    );
  });

  it('lets whoever may only look see neither secrets nor roles nor nodes', () => {
    const { ask } = aServer();
    const rules = ask('GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/view').body.rules as unknown as {
      apiGroups: string[];
      resources: string[];
      verbs: string[];
    }[];
    const seen = rules.flatMap(({ resources }) => resources);
    expect(seen).toEqual(expect.arrayContaining(['pods', 'deployments', 'services', 'events', 'poddisruptionbudgets']));
    for (const hidden of ['*', 'secrets', 'nodes', 'roles', 'clusterroles']) expect(seen).not.toContain(hidden);
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list', 'watch']));
  });
});
