import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../api/wire.ts';
import { limits } from '../limits.ts';
import { against } from '../testing/against.ts';
import { streamed } from '../testing/event-stream.ts';
import {
  clusterSample,
  doneUpgrade,
  eventSample,
  events,
  ids,
  planSample,
  stopReason,
  upgradeSample,
} from '../testing/samples.ts';
import { refusedWith, type StubAnswer } from '../testing/stub-server.ts';

const row = `GET /upgrades/${ids.upgrade}`;
const stream = `${row}/events`;
const clusters = (change: Partial<Cluster> = {}) => ({
  'GET /clusters': { body: { clusters: [clusterSample({ upgradeId: ids.upgrade, ...change })] } },
});
const running = { [row]: { body: upgradeSample() } };
const watched = (...connections: readonly StubAnswer[]) => ({ ...clusters(), ...running, [stream]: connections });

const { started, acting, waiting, stopped, done } = events;
const lastEventIds = (requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[]) =>
  requests.filter(({ path }) => path.endsWith('/events')).map(({ headers }) => headers['last-event-id']);

test('it writes one line an event and ends with the upgrade', async () => {
  const { run, server } = await against(
    watched(streamed([started, acting, waiting, done], { end: doneUpgrade })),
    onTestFinished,
  );
  const ran = await run('upgrade watch logs');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "09:00:01Z  started                  The upgrade has started.
    09:00:02Z  acting     n2            n2 is stopped and started at 6.8.23.  lift-member
    09:00:03Z  waiting    orders/3      2 shards are initializing. Cleared by: They finish by themselves.  es.shards-initializing
    09:00:05Z  done                     Every member runs 7.17.29.

    Done. logs runs 7.17.29, after 3 min 12 s.
    "
  `);
  expect(server.requests.at(-1)?.headers).toMatchObject({ accept: 'text/event-stream' });
});

test.each(['close', 'break'] as const)('it goes on behind the last event when the server goes away (%s)', async (how) => {
  const { run, server } = await against(
    watched(
      streamed([started, acting], how),
      refusedWith(503, 'unavailable', 'The database does not answer.'),
      streamed([acting, waiting, done], { end: doneUpgrade }),
    ),
    onTestFinished,
  );
  const ran = await run(`upgrade watch ${ids.upgrade}`);
  expect(ran.code).toBe(0);
  expect(ran.out.match(/^\S+Z {2}\S+/gm)).toEqual([
    '09:00:01Z  started',
    '09:00:02Z  acting',
    '09:00:03Z  waiting',
    '09:00:05Z  done',
  ]);
  expect(lastEventIds(server.requests)).toEqual([undefined, '2', '2']);
  expect(ran.err).toMatch(
    /^The connection is lost \(.*\); the upgrade does not need it\. Trying again\.\nThe connection is back\.\n$/,
  );
});

test('it gives up after a bounded number of tries that bring nothing', async () => {
  const { run, server } = await against(watched(streamed([started], 'close'), streamed([], 'close')), onTestFinished);
  const ran = await run('upgrade watch logs');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain(`The server did not come back after ${limits.watchAttempts} tries: the server closed it\n`);
  expect(ran.err).toContain(`Start the server, then: clusterlift upgrade watch ${ids.upgrade}\n`);
  expect(lastEventIds(server.requests)).toHaveLength(limits.watchAttempts + 1);
});

test('it does not try again what the server refuses', async () => {
  const { run, server } = await against(
    watched(streamed([started], 'close'), refusedWith(401, 'unauthenticated', 'An active access key is needed.')),
    onTestFinished,
  );
  const ran = await run('upgrade watch logs');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('does not accept the access key LTAItestkey');
  expect(lastEventIds(server.requests)).toEqual([undefined, '1']);
});

test('it ends with 4 when the upgrade stops for a person, with the words of the node and the remedy', async () => {
  const upgrade = upgradeSample({ status: 'stopped', reason: { ...stopReason, evidence: [...stopReason.evidence] } });
  const { run } = await against(
    { ...clusters(), [row]: { body: upgrade }, [stream]: streamed([acting, stopped], 'stay') },
    onTestFinished,
  );
  const ran = await run('upgrade watch logs');
  expect(ran).toMatchObject({ code: 4, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "09:00:02Z  acting     n2            n2 is stopped and started at 6.8.23.  lift-member
    09:00:04Z  stopped    n2            n2 does not start at 6.8.23.  es.member-does-not-start
        | unknown setting [foo.bar]

    Stopped for a person: n2 does not start at 6.8.23.
    What to do: Mend its settings, then resume.
    Then: clusterlift upgrade resume 5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10
    "
  `);
});

test.each([
  ['paused', `clusterlift upgrade resume ${ids.upgrade}`],
  ['gated', `clusterlift upgrade continue ${ids.upgrade}`],
])('it ends with 5 when the upgrade is %s, and says how to go on', async (status, command) => {
  const rests = eventSample(7, { kind: status, says: 'The rest is settled.' });
  const { run } = await against(
    { ...clusters(), [row]: { body: upgradeSample({ status }) }, [stream]: streamed([acting, rests], 'stay') },
    onTestFinished,
  );
  const ran = await run('upgrade watch logs');
  expect(ran.code).toBe(5);
  expect(ran.out).toContain(`Go on: ${command}\n`);
});

test('it ends with 5 when the upgrade is cancelled', async () => {
  const cancelled = upgradeSample({ status: 'cancelled', endedAt: '2026-11-24T09:01:00.000Z' });
  const { run } = await against(watched(streamed([acting], { end: cancelled })), onTestFinished);
  const ran = await run('upgrade watch logs');
  expect(ran.code).toBe(5);
  expect(ran.out).toContain('Cancelled after 1 min. Members may run different versions; the same target takes it up again.\n');
});

test('a stop that somebody has resumed since is history', async () => {
  const resumed = eventSample(5, { kind: 'resumed', generation: 2, says: 'Resume, asked by LTAItestkey.' });
  const laterDone = eventSample(6, { kind: 'done', generation: 2 });
  const { run } = await against(
    {
      ...clusters(),
      [row]: { body: upgradeSample({ generation: 2, status: 'paused' }) },
      [stream]: streamed([acting, stopped, resumed, laterDone], { end: doneUpgrade }),
    },
    onTestFinished,
  );
  expect((await run('upgrade watch logs')).code).toBe(0);
});

test('a stop is not missed when the connection breaks before it was looked at', async () => {
  const upgrade = upgradeSample({ status: 'stopped' });
  const away = refusedWith(503, 'unavailable', 'The database does not answer.');
  const { run } = await against(
    {
      ...clusters(),
      // First the row that the command begins with, then the look at the stop, sent as often as it may be.
      [row]: [{ body: upgradeSample() }, ...Array.from({ length: limits.sendAttempts }, () => away), { body: upgrade }],
      [stream]: [streamed([acting, stopped], 'stay'), streamed([], 'stay')],
    },
    onTestFinished,
  );
  expect((await run('upgrade watch logs')).code).toBe(4);
});

test('Ctrl-C ends the watching, not the upgrade', async () => {
  const { run, server } = await against(watched(streamed([started, acting], 'stay')), onTestFinished);
  const ran = await run('upgrade watch logs', {
    onOut: (text, interrupt) => {
      if (text.includes('acting')) interrupt();
    },
  });
  expect(ran).toMatchObject({
    code: 130,
    err: `Watching has ended, the upgrade goes on. Watch it again: clusterlift upgrade watch ${ids.upgrade}\n`,
  });
  expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('programs that read YAML get a document for each event', async () => {
  const { run } = await against(watched(streamed([acting, done], { end: doneUpgrade })), onTestFinished);
  const { out } = await run('upgrade watch logs --output yaml');
  const documents = parseAllDocuments(out).map((document) => (document as { toJS(): unknown }).toJS());
  expect(documents).toEqual([acting, done, { end: doneUpgrade }]);
});

test('an end that is not understood is told once', async () => {
  const { run, server } = await against(watched(streamed([acting], { end: { id: 7 } as never })), onTestFinished);
  const ran = await run('upgrade watch logs');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('is not one that this command line understands.');
  expect(lastEventIds(server.requests)).toEqual([undefined]);
});

test('programs get a line of JSON for each event, and the upgrade at the end', async () => {
  const { run } = await against(watched(streamed([acting, done], { end: doneUpgrade })), onTestFinished);
  const ran = await run('upgrade watch logs --output json');
  expect(
    ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([acting, done, { end: doneUpgrade }]);
});

test('on a terminal each member, the wait and the times are drawn below the events, and taken away at the end', async () => {
  const { plan, observation } = {
    plan: planSample(),
    observation: {
      reachable: true,
      members: [
        { name: 'n1', release: { version: '6.7.0', build: null }, joined: true },
        { name: 'n2', release: { version: '6.8.23', build: null }, joined: true },
      ],
    },
  };
  const { reason } = waiting;
  const upgrade = upgradeSample({ inHand: ['n1'], reason, createdAt: '2026-11-24T09:59:00.000Z' });
  const { run } = await against(
    {
      ...clusters(),
      [row]: { body: upgrade },
      [`GET /plans/${ids.plan}`]: { body: plan },
      [`GET /clusters/${ids.cluster}/observation`]: { body: observation },
      [stream]: streamed([started, { ...waiting, at: '2026-11-24T09:59:30.000Z' }], 'stay'),
    },
    onTestFinished,
  );
  let frame = '';
  const ran = await run('upgrade watch logs', {
    isTerminal: true,
    env: { NO_COLOR: '1' },
    onOut: (text, interrupt) => {
      if (!text.includes('MEMBER') || !text.includes('(for')) return;
      frame = text;
      interrupt();
    },
  });
  expect(ran.code).toBe(130);
  const shown = stripVTControlCharacters(frame)
    .replaceAll(/\d+ s of|\d+ min(?: \d+ s)? of/g, 'T of')
    .replace(/\(for .*\)/, '(for T)');
  expect(shown).toMatchInlineSnapshot(`
    "
    logs: 6.7.0 -> 7.17.29  running, T of about 1 min 25 s
    Hop 1 of 2: 6.7.0 -> 6.8.23, 2 waves, about 20 s
      WAVE  MEMBER  STATE    RUNS
      1     n2      there    6.8.23
      2     n1      in hand  6.7.0
    Waits: 2 shards are initializing. (for T)
      Cleared by: They finish by themselves.
    "
  `);
  const lines = frame.split('\n').length - 1;
  expect(ran.out.endsWith(`\u001b[?7h\u001b[${lines}A\u001b[0J`)).toBe(true);
});

test('a terminal that cannot move its cursor gets lines alone', async () => {
  const { run } = await against(watched(streamed([acting, done], { end: doneUpgrade })), onTestFinished);
  const ran = await run('upgrade watch logs', { isTerminal: true, env: { TERM: 'dumb' } });
  expect(ran.code).toBe(0);
  expect(ran.out).not.toContain('\u001b');
});
