import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectClean, expectInOrder, expectOnceEach, namesOf } from './judgement.ts';
import type { Asked, Disturbance } from './network.ts';
import { type LoopCluster, OneProcess } from './one-process.ts';

let lab: OneProcess;
beforeAll(async () => {
  lab = await OneProcess.open('answers');
});
afterEach(() => {
  lab.network.disturb(null);
  lab.network.disturbed.length = 0;
  lab.skewMs = 0;
});
afterAll(() => lab?.close());

const minutes = 60_000;
const owners = { persistent: { 'cluster.routing.allocation.enable': 'all', 'cluster.routing.rebalance.enable': 'replicas' } };

async function expectDone(cluster: LoopCluster, id: string): Promise<void> {
  expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
  expectOnceEach(lab, cluster);
  expectInOrder(await lab.events(id), namesOf(cluster), 'done');
}

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const busy = JSON.stringify({ error: { type: 'es_rejected_execution_exception', reason: 'the queue is full' }, status: 429 });
const noMaster = JSON.stringify({ error: { type: 'master_not_discovered_exception', reason: null }, status: 503 });

const disturbances: Readonly<Record<string, Disturbance>> = {
  'too many requests': { kind: 'answer', status: 429, body: busy },
  'not available': { kind: 'answer', status: 503, body: noMaster },
  'a page of HTML that says it is well': { kind: 'answer', status: 200, body: page },
  'a page of HTML that says it is not': { kind: 'answer', status: 502, body: page },
  'half of an answer': { kind: 'cut-short' },
  'nothing in time, for it never came': { kind: 'silent' },
  'nothing in time, though it was carried out': { kind: 'lost-answer' },
};

/** Every other request of each kind goes wrong, whichever kind the loop asks. */
function everyOther(disturbance: Disturbance, about: (asked: Asked) => boolean) {
  const counts = new Map<string, number>();
  return (asked: Asked): Disturbance | null => {
    if (!about(asked)) return null;
    const key = `${asked.method} ${asked.path.replace(/\?.*/, '')}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count % 2 === 0 ? disturbance : null;
  };
}

describe('nodes that answer every other request with', () => {
  it.each(Object.entries(disturbances))(
    '%s are asked again: nobody is stopped twice, and every setting is put back',
    async (_how, what) => {
      const name = `answers-${Object.values(disturbances).indexOf(what)}`;
      const cluster = await lab.addCluster(name, owners);
      const ports = new Set(cluster.spec.nodes.map((node) => `${node.httpPort}`));
      const id = await lab.lift(cluster);
      lab.network.disturb(everyOther(what, (asked) => ports.has(new URL(asked.url).port)));
      await expectDone(cluster, id);
      const kinds = new Set(lab.network.disturbed.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`));
      for (const kind of ['GET /_cluster/health', 'PUT /_cluster/settings', 'POST /_flush/synced'])
        expect([...kinds]).toContain(kind);
    },
  );
});

describe('settings that no node takes', () => {
  it('are asked for again now and then, then a person is told which they are, and nobody was stopped; taken after all, a second run finishes', async () => {
    const cluster = await lab.addCluster('no-settings', owners);
    const ports = new Set(cluster.spec.nodes.map((node) => `${node.httpPort}`));
    const id = await lab.lift(cluster);
    // Said to be taken, and not.
    const body = JSON.stringify({ acknowledged: true, persistent: {}, transient: {} });
    lab.network.disturb(({ method, path, url }) =>
      method === 'PUT' && path.startsWith('/_cluster/settings') && ports.has(new URL(url).port)
        ? { kind: 'answer', status: 200, body }
        : null,
    );
    const stopped = await lab.ended(id);
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.settings-not-taken' } });
    expect(stopped.reason?.subject).toContain('cluster.routing.allocation.enable');
    const asked = (await lab.events(id)).filter(({ kind, move }) => kind === 'acting' && move === 'freeze');
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThanOrEqual(20);
    expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
    expectClean(lab, cluster);
    lab.network.disturb(null);
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
  });
});

describe('a way that is cut', () => {
  it('to one node of a healthy cluster stops nobody more than once', async () => {
    const cluster = await lab.addCluster('one-way');
    const [first] = cluster.spec.nodes;
    const id = await lab.lift(cluster);
    lab.network.disturb(({ url }) => (new URL(url).port === `${first?.httpPort}` ? { kind: 'refused' } : null));
    await expectDone(cluster, id);
    expect(lab.network.disturbed.length).toBeGreaterThan(0);
  });

  it('to all nodes while one is in hand leaves the others alone; open again, the upgrade goes on', async () => {
    const cluster = await lab.addCluster('no-way');
    const ports = cluster.spec.nodes.map((node) => `${node.httpPort}`);
    const id = await lab.lift(cluster);
    lab.simulator.hold((act, point) => {
      if (act.what === 'host.start' && point === 'inside' && lab.launchesOf(cluster).length === 1)
        lab.network.disturb(({ url }) => (ports.includes(new URL(url).port) ? { kind: 'silent' } : null));
      return 'go-on';
    });
    const { world } = lab.simulator;
    const until = world.nowMs + 3 * minutes;
    while (world.nowMs < until) await lab.turn(id);
    expect(lab.network.disturbed.length).toBeGreaterThan(0);
    expect(lab.stopsOf(cluster)).toHaveLength(1);
    expect((await lab.events(id)).at(-1)?.kind).toBe('waiting');
    lab.simulator.hold(null);
    lab.network.disturb(null);
    await expectDone(cluster, id);
  });

  it('to the host is not taken for members that do not run', async () => {
    const cluster = await lab.addCluster('no-host');
    const id = await lab.lift(cluster);
    lab.network.disturb(({ path }) => (path === '/host/describe' ? { kind: 'refused' } : null));
    await lab.turn(id);
    expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
    expect((await lab.events(id)).at(-1)?.reason?.code).toMatch(/^es\./);
    lab.network.disturb(null);
    await expectDone(cluster, id);
  });
});

describe('a clock', () => {
  it.each([10, -10])('that differs from that of the nodes by %s minutes brings no deadline nearer', async (by) => {
    lab.skewMs = by * minutes;
    const cluster = await lab.addCluster(`skew${by}`);
    const id = await lab.lift(cluster);
    await expectDone(cluster, id);
    const waits = (await lab.events(id)).map((event) => Date.parse(event.at));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it('that is set back while an upgrade runs only makes it wait', async () => {
    const cluster = await lab.addCluster('set-back');
    const id = await lab.lift(cluster);
    lab.simulator.hold((act, point) => {
      if (act.what === 'host.stop' && point === 'inside') lab.skewMs -= 10 * minutes;
      return 'go-on';
    });
    expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
    expectOnceEach(lab, cluster);
    lab.simulator.hold(null);
  });

  it('that is set forward past a limit may stop the upgrade, with its reason and cleanly; a second run finishes', async () => {
    const cluster = await lab.addCluster('set-forward');
    const id = await lab.lift(cluster);
    // It leaps with every act, so that every limit that an act waits for is met at once.
    lab.simulator.hold((act, point) => {
      if (act.what.startsWith('host.') && point === 'after') lab.skewMs += 20 * minutes;
      return 'go-on';
    });
    const first = await lab.ended(id);
    lab.simulator.hold(null);
    if (first.status === 'stopped') {
      expect(first.reason?.code).toMatch(/^es\./);
      expect(await lab.simulator.until(() => lab.simulator.cluster('set-forward').members.size === 3, 60_000)).toBe(true);
      expectClean(lab, cluster);
      await lab.wish(id, 'resume');
    }
    expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
    expectOnceEach(lab, cluster);
  });
});
