import { expect, onTestFinished, test } from 'vitest';
import { limits } from '../limits.ts';
import { against } from '../testing/against.ts';
import { clusterSample, events, ids, upgradeSample } from '../testing/samples.ts';
import { refusedWith, type StubAnswer } from '../testing/stub-server.ts';

const other = { cluster: 'es-cn-other', upgrade: '00000000-0000-4000-8000-000000000002' } as const;
const clusters = { clusters: [clusterSample(), clusterSample({ id: other.cluster, name: 'shop' })] };
const upgrades = [upgradeSample(), upgradeSample({ id: other.upgrade, clusterId: other.cluster })];
const { started, acting, waiting, done } = events;
const page = (...some: readonly (typeof started)[]) => ({ body: { events: some } });
const world = (mine: readonly StubAnswer[], theirs: readonly StubAnswer[] = [page()]) => ({
  'GET /clusters': { body: clusters },
  'GET /upgrades': { body: { upgrades, next: null } },
  [`GET /upgrades/${ids.upgrade}/events`]: mine,
  [`GET /upgrades/${other.upgrade}/events`]: theirs,
});

test('events of every cluster are told in the order of time', async () => {
  const { run } = await against(world([page(started, waiting)], [page(acting)]), onTestFinished);
  const ran = await run('events');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "logs  09:00:01Z  started                  The upgrade has started.
    shop  09:00:02Z  acting     n2            n2 is stopped and started at 6.8.23.  lift-member
    logs  09:00:03Z  waiting    orders/3      2 shards are initializing. Cleared by: They finish by themselves.  es.shards-initializing
    "
  `);
});

test('of one cluster, and only the last of them', async () => {
  const { run, server } = await against(
    { ...world([page(started, acting, waiting)]), 'GET /upgrades': { body: { upgrades: upgrades.slice(0, 1), next: null } } },
    onTestFinished,
  );
  const { out } = await run('events logs --last 1 --output json');
  expect(JSON.parse(out)).toEqual({ cluster: 'logs', upgradeId: ids.upgrade, ...waiting });
  expect(server.requests.find(({ path }) => path.startsWith('/upgrades?'))?.path).toBe(
    `/upgrades?limit=${limits.pageSize}&clusterId=${ids.cluster}`,
  );
});

test('--follow goes on behind what was told, also when the server was away', async () => {
  const away = Array.from({ length: limits.sendAttempts }, () =>
    refusedWith(503, 'unavailable', 'The database does not answer.'),
  );
  const { run, server } = await against(world([page(started), ...away, page(acting), page(done), page()]), onTestFinished);
  const ran = await run('events --follow', {
    onOut: (text, interrupt) => {
      if (text.includes('Every member runs')) interrupt();
    },
  });
  expect(ran.code).toBe(130);
  expect(ran.out.match(/\S+Z {2}\S+/g)).toEqual(['09:00:01Z  started', '09:00:02Z  acting', '09:00:05Z  done']);
  expect(ran.err).toBe('The connection is lost (The database does not answer.). Trying again.\nThe connection is back.\n');
  const asked = server.requests.filter(({ path }) => path.startsWith(`/upgrades/${ids.upgrade}/`)).map(({ path }) => path);
  expect(asked.map((path) => /after=(\d+)/.exec(path)?.[1])).toEqual(['0', '1', '1', '1', '1', '2']);
});

test('where nothing has happened it says so', async () => {
  const { run } = await against({ ...world([page()]), 'GET /upgrades': { body: { upgrades: [], next: null } } }, onTestFinished);
  expect(await run('events')).toMatchObject({ code: 0, out: '', err: 'Nothing has happened yet.\n' });
});

test('--last takes a number', async () => {
  const { run } = await against(world([page()]), onTestFinished);
  const ran = await run('events --last many');
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('It is not a number from 0 to 10000.');
});
