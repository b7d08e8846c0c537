import { expect, onTestFinished, test } from 'vitest';
import type { Cluster } from '../api/wire.ts';
import { against } from '../testing/against.ts';
import { streamed } from '../testing/event-stream.ts';
import {
  clusterSample,
  couldNotRun,
  doneUpgrade,
  eventSample,
  events,
  findings,
  ids,
  planSample,
  stopReason,
  upgradeSample,
} from '../testing/samples.ts';
import { refusedWith } from '../testing/stub-server.ts';

const row = `GET /upgrades/${ids.upgrade}`;
const clusters = (change: Partial<Cluster> = {}) => ({ 'GET /clusters': { body: { clusters: [clusterSample(change)] } } });
const startedUpgrade = { 'POST /upgrades': { status: 201, body: upgradeSample() } };

test('start plans for now and says how to watch', async () => {
  const { run, server } = await against({ ...clusters(), ...startedUpgrade }, onTestFinished);
  const ran = await run('upgrade start logs 7.17.29 --build ali1.2.0 --acknowledge es.a --acknowledge es.b');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "Upgrade 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10 of logs has started: 6.7.0 -> 7.17.29.
    Watch it: clusterlift upgrade watch 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10
    "
  `);
  expect(server.requests.at(-1)?.body).toEqual({
    clusterId: ids.cluster,
    to: { version: '7.17.29', build: 'ali1.2.0' },
    acknowledge: ['es.a', 'es.b'],
    clientToken: 'token-of-the-test',
  });
});

test('start takes a plan that was reviewed', async () => {
  const { run, server } = await against(
    { ...clusters(), ...startedUpgrade, [`GET /plans/${ids.plan}`]: { body: planSample() } },
    onTestFinished,
  );
  expect((await run(`upgrade start --plan ${ids.plan}`)).code).toBe(0);
  expect(server.requests.at(-1)?.body).toEqual({ planId: ids.plan, acknowledge: [], clientToken: 'token-of-the-test' });
});

test('start --watch goes on to the end of the upgrade', async () => {
  const { run } = await against(
    { ...clusters(), ...startedUpgrade, [`${row}/events`]: streamed([events.started, events.done], { end: doneUpgrade }) },
    onTestFinished,
  );
  const ran = await run('upgrade start logs 7.17.29 --watch');
  expect(ran.code).toBe(0);
  expect(ran.out).toMatchInlineSnapshot(`
    "Upgrade 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10 of logs has started: 6.7.0 -> 7.17.29.
    09:00:01Z  started                  The upgrade has started.
    09:00:05Z  done                     Every member runs 7.17.29.

    Done. logs runs 7.17.29, after 3 min 12 s.
    "
  `);
});

test('start --watch gives programs the events and the end, and nothing before them', async () => {
  const { run } = await against(
    { ...clusters(), ...startedUpgrade, [`${row}/events`]: streamed([events.started], { end: doneUpgrade }) },
    onTestFinished,
  );
  const { out } = await run('upgrade start logs 7.17.29 --watch --output json');
  const lines = out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([events.started, { end: doneUpgrade }]);
});

test('start is sent again with the same token when the answer got lost, so that it is started once', async () => {
  const { run, server } = await against(
    { ...clusters(), 'POST /upgrades': [(response) => response.destroy(), { status: 201, body: upgradeSample() }] },
    onTestFinished,
  );
  expect((await run('upgrade start logs 7.17.29')).code).toBe(0);
  const posted = server.requests.filter(({ method }) => method === 'POST');
  expect(posted.map(({ body }) => (body as { clientToken: string }).clientToken)).toEqual([
    'token-of-the-test',
    'token-of-the-test',
  ]);
});

test('start ends with 3 when findings hold it, shows them, and offers what can be accepted', async () => {
  const held = (details: object) => refusedWith(422, 'obstacles', '2 findings hold the upgrade.', { details });
  const { run } = await against(
    {
      ...clusters(),
      'POST /upgrades': [
        held({ hazards: [], policy: [findings.policy], couldNotRun: [couldNotRun] }),
        held({ hazards: [findings.hazard], policy: [findings.policy], couldNotRun: [] }),
      ],
    },
    onTestFinished,
  );
  const policy = await run('upgrade start logs 7.17.29 --acknowledge es.before --watch');
  expect(policy).toMatchObject({ code: 3, err: '' });
  expect(policy.out).toMatchInlineSnapshot(`
    "Nothing was started: what the checks found holds the upgrade of logs.

      policy  cluster  es.snapshot-is-recent
        There is no finished snapshot.
        To clear it: Take a snapshot now.
      could-not-run  es.no-snapshot-runs
        Is no snapshot being taken?
        Because: the repository backup does not answer

    Clear what is found, or accept it by name:
      clusterlift upgrade start logs 7.17.29 --watch --acknowledge es.before --acknowledge es.snapshot-is-recent --acknowledge es.no-snapshot-runs
    "
  `);
  const hazard = await run('upgrade start logs 7.17.29');
  expect(hazard.code).toBe(3);
  expect(hazard.out).toContain('Clear what is found, then start it again.\n');
  expect(hazard.out).not.toContain('--acknowledge');
});

test.each([
  ['nothing', '', 'What is to be started is missing.'],
  ['a cluster without a version', ' logs', 'What is to be started is missing.'],
  ['a plan and a cluster', ` logs 6.7.0 --plan ${ids.plan}`, 'A plan names its cluster, version and build itself.'],
  ['a plan and a build', ` --build b --plan ${ids.plan}`, 'A plan names its cluster, version and build itself.'],
])('start refuses %s before it asks anybody', async (_, words, says) => {
  const { run, server } = await against({}, onTestFinished);
  const ran = await run(`upgrade start${words}`);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(says);
  expect(server.requests).toEqual([]);
});

test('list shows unfinished upgrades, page after page', async () => {
  const stopped = upgradeSample({
    id: '00000000-0000-4000-8000-000000000001',
    status: 'stopped',
    reason: { ...stopReason, evidence: [] },
  });
  const gone = upgradeSample({ ...doneUpgrade, id: '00000000-0000-4000-8000-000000000002', clusterId: 'es-cn-gone' });
  const { run, server } = await against(
    {
      ...clusters(),
      'GET /upgrades': [
        { body: { upgrades: [upgradeSample(), stopped], next: stopped.id } },
        { body: { upgrades: [gone], next: null } },
      ],
    },
    onTestFinished,
  );
  const ran = await run('upgrade list --cluster logs');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "ID                                    CLUSTER     FROM   TO       STATUS   STARTED               TOOK        WHY
    5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10  logs        6.7.0  7.17.29  running  2026-11-24 09:00:00Z  -
    00000000-0000-4000-8000-000000000001  logs        6.7.0  7.17.29  stopped  2026-11-24 09:00:00Z  -           n2 does not start at 6.8.23.
    00000000-0000-4000-8000-000000000002  es-cn-gone  6.7.0  7.17.29  done     2026-11-24 09:00:00Z  3 min 12 s
    "
  `);
  expect(server.requests.map(({ path }) => path).filter((path) => path.startsWith('/upgrades'))).toEqual([
    `/upgrades?limit=200&unfinished=true&clusterId=${ids.cluster}`,
    `/upgrades?limit=200&unfinished=true&clusterId=${ids.cluster}&before=${stopped.id}`,
  ]);
});

test('list says where the others are when none is unfinished', async () => {
  const { run, server } = await against(
    { ...clusters(), 'GET /upgrades': { body: { upgrades: [], next: null } } },
    onTestFinished,
  );
  expect((await run('upgrade list')).out).toBe('There are no unfinished upgrades; --all lists those that have ended.\n');
  expect((await run('upgrade list --all')).out).toBe('There are no upgrades.\n');
  expect(server.requests.at(-1)?.path).toBe('/upgrades?limit=200');
});

test('show tells why an upgrade has stopped and what to do', async () => {
  const upgrade = upgradeSample({
    status: 'stopped',
    inHand: ['n2'],
    recorded: [findings.policy],
    acknowledged: ['es.snapshot-is-recent'],
    reason: { ...stopReason, evidence: [...stopReason.evidence] },
  });
  const { run } = await against(
    {
      ...clusters({ upgradeId: ids.upgrade }),
      [row]: { body: upgrade },
      [`${row}/events`]: { body: { events: [events.started, events.acting, events.stopped] } },
    },
    onTestFinished,
  );
  const ran = await run('upgrade show logs');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "Upgrade 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10: 6.7.0 -> 7.17.29
      cluster     logs
      status      stopped
      why         n2 does not start at 6.8.23.
      what to do  Mend its settings, then resume.
      reason      es.member-does-not-start n2
      hop         1 of 2
      in hand     n2
      started     2026-11-24 09:00:00Z by LTAItestkey
      plan        0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
      accepted    es.snapshot-is-recent

    Evidence
        | unknown setting [foo.bar]

    Recorded at the start
      policy  cluster  es.snapshot-is-recent  (hop 1)
        There is no finished snapshot.
        To clear it: Take a snapshot now.

    Events
    09:00:01Z  started                  The upgrade has started.
    09:00:02Z  acting     n2            n2 is stopped and started at 6.8.23.  lift-member
    09:00:04Z  stopped    n2            n2 does not start at 6.8.23.  es.member-does-not-start
        | unknown setting [foo.bar]
    "
  `);
});

test('show takes the latest upgrade of a cluster that has none unfinished, and its last ten events', async () => {
  const many = Array.from({ length: 203 }, (_, index) =>
    eventSample(index + 1, { at: '2026-11-24T09:00:00.000Z', says: `event ${index + 1}` }),
  );
  const { run, server } = await against(
    {
      ...clusters(),
      'GET /upgrades': { body: { upgrades: [doneUpgrade], next: ids.upgrade } },
      [`${row}/events`]: [{ body: { events: many.slice(0, 200) } }, { body: { events: many.slice(200) } }],
    },
    onTestFinished,
  );
  const ran = await run('upgrade show logs');
  expect(ran.out).toContain('Last 10 of 203 events\n');
  expect(ran.out.match(/event \d+/g)).toEqual(many.slice(-10).map(({ says }) => says));
  expect(ran.out).toContain('ended    2026-11-24 09:03:12Z, after 3 min 12 s\n');
  expect(server.requests.map(({ path }) => path)).toContain(`/upgrades?clusterId=${ids.cluster}&limit=1`);
});

test('a cluster that was never upgraded says how to begin', async () => {
  const { run } = await against({ ...clusters(), 'GET /upgrades': { body: { upgrades: [], next: null } } }, onTestFinished);
  const ran = await run('upgrade show logs');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toBe(
    'Error: Cluster logs has never been upgraded here.\nSee what it would take: clusterlift plan logs VERSION\n',
  );
});

test.each(['pause', 'resume', 'continue', 'cancel'])('%s passes on what happens now', async (wanted) => {
  const { run, server } = await against(
    {
      ...clusters({ upgradeId: ids.upgrade }),
      [row]: { body: upgradeSample() },
      [`POST /upgrades/${ids.upgrade}/${wanted}`]: { body: { upgrade: upgradeSample(), says: `It will ${wanted}.` } },
    },
    onTestFinished,
  );
  expect(await run(`upgrade ${wanted} logs`)).toMatchObject({
    code: 0,
    out: `It will ${wanted}.\nWatch it: clusterlift upgrade watch ${ids.upgrade}\n`,
  });
  expect(server.requests.at(-1)).toMatchObject({ method: 'POST', path: `/upgrades/${ids.upgrade}/${wanted}` });
});

test('a wish that does not fit ends with 1 in the words of the server', async () => {
  const { run } = await against(
    {
      [row]: { body: doneUpgrade },
      [`POST /upgrades/${ids.upgrade}/pause`]: refusedWith(409, 'not-now', 'The upgrade has ended (done).'),
    },
    onTestFinished,
  );
  expect(await run(`upgrade pause ${ids.upgrade}`)).toMatchObject({
    code: 1,
    out: '',
    err: 'Error: The upgrade has ended (done).\n',
  });
});

const edges = (...pairs: readonly (readonly [string, string])[]) => ({
  body: {
    engine: 'kubernetes',
    releases: [],
    edges: pairs.map(([from, to]) => ({ from, to, mode: 'rolling', requires: [], oneWayDoors: [] })),
  },
});
const lifted = clusterSample({ name: 'shop', engine: 'kubernetes', release: { version: '1.36', build: 'eks.3' } });
const liftedBy = (change: object) => ({
  'GET /clusters': { body: { clusters: [lifted] } },
  'GET /upgrades': {
    body: { upgrades: [upgradeSample({ from: { version: '1.35', build: 'eks.4' }, status: 'done', ...change })], next: null },
  },
});
const ended = { endedAt: '2026-11-24T09:03:12.000Z' };

test('rollback starts an upgrade to the release of before the latest one', async () => {
  const { run, server } = await against(
    {
      ...liftedBy(ended),
      'GET /releases': edges(['1.35', '1.36'], ['1.36', '1.35']),
      'POST /upgrades': { status: 201, body: upgradeSample({ from: lifted.release, to: { version: '1.35', build: 'eks.4' } }) },
    },
    onTestFinished,
  );
  const ran = await run('upgrade rollback shop');
  expect(ran.code).toBe(0);
  expect(ran.err).toBe(`Back to 1.35 (eks.4), which shop ran before the upgrade ${ids.upgrade}.\n`);
  expect(ran.out).toMatchInlineSnapshot(`
    "Upgrade 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10 of shop has started: 1.36 (eks.3) -> 1.35 (eks.4).
    Watch it: clusterlift upgrade watch 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10
    "
  `);
  expect(server.requests.at(-1)).toMatchObject({
    method: 'POST',
    body: { clusterId: lifted.id, to: { version: '1.35', build: 'eks.4' } },
  });
});

test.each([
  ['that has not ended', { status: 'paused' }, ['1.36', '1.35'], 'has not ended; its status is paused.'],
  ['without a way back', ended, ['1.35', '1.36'], 'There is no way back from 1.36 to 1.35.'],
] as const)('rollback of an upgrade %s starts nothing, and says what to do', async (_, change, edge, says) => {
  const { run, server } = await against({ ...liftedBy(change), 'GET /releases': edges(edge) }, onTestFinished);
  const ran = await run('upgrade rollback shop');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(says);
  expect(ran.err.trimEnd().split('\n')).toHaveLength(2);
  expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('list says more with --output wide', async () => {
  const upgrade = upgradeSample({ inHand: ['n2'], acknowledged: ['es.snapshot-is-recent'] });
  const { run } = await against(
    {
      'GET /clusters': { body: { clusters: [clusterSample()] } },
      'GET /upgrades': { body: { upgrades: [upgrade], next: null } },
    },
    onTestFinished,
  );
  expect((await run('upgrade list --output wide')).out).toMatchInlineSnapshot(`
    "ID                                    CLUSTER  FROM   TO       STATUS   STARTED               TOOK  BY           HOP     IN HAND  ACCEPTED               WHY
    5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10  logs     6.7.0  7.17.29  running  2026-11-24 09:00:00Z  -     LTAItestkey  1 of 2  n2       es.snapshot-is-recent
    "
  `);
});
