import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { Rehearsal } from '../api/wire.ts';
import { limits } from '../limits.ts';
import { against } from '../testing/against.ts';
import { clusterSample, ids, stopReason } from '../testing/samples.ts';
import { refusedWith } from '../testing/stub-server.ts';

const path = `POST /clusters/${ids.cluster}/rehearsals`;
const thinnest = {
  atMs: 900,
  forMs: 7_000,
  started: 1,
  of: 2,
  shards: 4,
  examples: ['orders/0', 'orders/1', 'users/0'],
  away: ['n2'],
};
const done = { member: null, lost: null, status: 'done', reason: null, tookMs: 40_000, remarks: [], thinnest: null, plane: null };
const reason = { ...stopReason, evidence: [...stopReason.evidence] };

function sample(change: Partial<Rehearsal> = {}): Rehearsal {
  return {
    from: { version: '6.7.0', build: null },
    to: { version: '6.8.23', build: null },
    seed: 1,
    estimateSeconds: 33,
    held: { hazards: 0, policy: 0, couldNotRun: 0 },
    ...{ runs: 2, done: 2, made: 6, wanted: 6 },
    tookMs: { min: 21_000, median: 22_000, max: 25_000 },
    waves: [['n2', 'n3'], ['n1']],
    thinnest,
    plane: null,
    findings: [
      { kind: 'waits-long', says: 'It waits for more than a minute: n1 is red.', remedy: 'The primary is up.', runs: 1 },
    ],
    faults: [
      { ...done, fault: 'member-does-not-return', member: 'n1', status: 'stopped', reason, tookMs: 66_000 },
      { ...done, fault: 'member-does-not-return', member: 'n2', status: 'stopped', reason, tookMs: 82_000 },
      { ...done, fault: 'another-member-lost', member: 'n1', lost: 'n2', thinnest: { ...thinnest, started: 0, shards: 1 } },
      { ...done, fault: 'disk-fills-up', member: 'n1', remarks: ['Goes on although it stays yellow.'] },
    ],
    violations: [],
    assumed: ['There are no documents.'],
    ...change,
  };
}

const stream =
  (...events: readonly (readonly [string, unknown])[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': still here\n\n');
    for (const [event, data] of events) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    response.end();
  };
const clusters = { 'GET /clusters': { body: { clusters: [clusterSample()] } } };
const told = (report: Rehearsal) => ({ ...clusters, [path]: stream(['run', { made: 3, of: 6 }], ['report', report]) });

test('a rehearsal tells how it usually goes, what only it shows, and what faults would do', async () => {
  const { run, server } = await against(told(sample()), onTestFinished);
  const ran = await run('rehearse logs --to 6.8.23 --runs 2');
  expect(ran).toMatchObject({ code: 0, err: '3 of 6 runs are made.\n' });
  expect(ran.out).toMatchInlineSnapshot(`
    "Rehearsal of logs: 6.7.0 -> 6.8.23, on a simulated twin; the cluster was not touched

    Without a fault (2 runs)
      ends           always done
      takes          21 s to 25 s, mostly 22 s; the plan expects 33 s
      waves          n2 + n3, then n1
      fewest copies  1 of 2 copies of 4 shards (orders/0, orders/1, users/0, ...) while n2 is away: for 7 s, 1 s after the start

    What a dry run cannot see
      - It waits for more than a minute: n1 is red. (in 1 of 2 runs)
        What to do: The primary is up.

    Faults that would stop it (the rest of the cluster is left as it is, for a person)
      n1 or n2 does not come back: it stops after 1 min 6 s to 1 min 22 s
        n2 does not start at 6.8.23. es.member-does-not-start
        To go on: Mend its settings, then resume.

    Faults that it gets over by itself
      n2 dies while n1 is away: done after 40 s
        Meanwhile 1 shard has no copy (orders/0, orders/1, users/0) while n2 is away: for 7 s, 1 s after the start.
      The disk of n1 is full when it comes back: done after 40 s
        Goes on although it stays yellow.

    What was assumed
      - There are no documents.

    Seed 1; the same seed gives the same report.
    It can start: clusterlift upgrade start logs 6.8.23 --watch
    "
  `);
  expect(server.requests.at(-1)?.body).toEqual({ to: { version: '6.8.23', build: null }, runs: 2, faults: true, seed: 1 });
});

test('for programs it is the report as the server told it', async () => {
  const { run } = await against(told(sample()), onTestFinished);
  const ran = await run('rehearse logs --to 6.8.23 --output json');
  expect(JSON.parse(ran.out)).toEqual(sample());
});

test('runs without a fault that do not end done end the command with 3, and what to do', async () => {
  const says = `It ends stopped: ${stopReason.says}`;
  const findings = [{ kind: 'ends-otherwise', says, remedy: 'Bring it up.', runs: 2 }];
  const { run } = await against(told(sample({ done: 0, tookMs: null, waves: [], findings })), onTestFinished);
  const ran = await run('rehearse logs --to 6.8.23');
  expect(ran.code).toBe(3);
  expect(ran.out).toContain('done in 0 of 2');
  expect(ran.out).toContain(`${says} (in every run)\n    What to do: Bring it up.`);
  expect(ran.out).toContain('Faults with which it ends as it does without one\n  - n1 or n2 does not come back\n');
  expect(ran.out).not.toContain('Faults that would stop it');
  expect(ran.out).not.toContain('upgrade start');
});

test('it says where the dry run holds a start, and where the time was over', async () => {
  const held = { hazards: 1, policy: 1, couldNotRun: 0 };
  const { run } = await against(told(sample({ held, made: 4 })), onTestFinished);
  const { out } = await run('rehearse logs --to 6.8.23');
  expect(out).toContain('The dry run finds what holds a start now (2). See it: clusterlift plan logs 6.8.23');
  expect(out).toContain('The time was over after 4 of 6 runs.');
});

test('without a report there is a reason: refused, failed, cut off', async () => {
  const busy = refusedWith(409, 'not-now', 'Another rehearsal runs on this server.', { remedy: 'Try again in a few minutes.' });
  const failed = stream(['failed', { error: { code: 'internal', says: 'The rehearsal failed.' } }]);
  const { run } = await against({ ...clusters, [path]: [busy, failed, stream(['run', { made: 1, of: 6 }])] }, onTestFinished);
  for (const says of [
    'Another rehearsal runs',
    'The rehearsal failed.',
    'There is no report: the server closed the connection.',
  ]) {
    const ran = await run('rehearse logs --to 6.8.23');
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toContain(says);
  }
});

test('numbers that cannot be are a mistake of the command line', async () => {
  const { run, server } = await against(clusters, onTestFinished);
  for (const wrong of ['--runs 0', '--runs 101', '--runs x', '--seed -1', '--seed 1.5'])
    expect((await run(`rehearse logs --to 6.8.23 ${wrong}`)).code).toBe(2);
  expect((await run('rehearse logs')).code).toBe(2);
  expect(server.requests).toEqual([]);
});

const exported = {
  ...{ format: 'clusterlift-observation', version: 1, name: 'shop', engine: 'elasticsearch', anonymous: false },
  ...{ takenAt: '2026-11-24T12:00:00.000Z', seen: { nodes: ['whatever the server reads'] } },
};
const elsewhere = { 'POST /rehearsals': stream(['report', sample()]) };

test('a file is rehearsed by any server, which is sent all of it', async () => {
  const { run, server } = await against(elsewhere, onTestFinished);
  const ran = await run('rehearse --from shop.json --to 6.8.23 --no-faults', {
    files: { 'shop.json': JSON.stringify(exported) },
  });
  expect([ran.code, ran.err]).toEqual([0, '']);
  expect(ran.out).toContain('Rehearsal of shop: 6.7.0 -> 6.8.23, on a simulated twin of what was seen at 2026-11-24 12:00:00Z\n');
  expect(ran.out).toContain('It can start where the cluster is known: clusterlift upgrade start shop 6.8.23 --watch');
  expect(server.requests).toMatchObject([
    { method: 'POST', body: { observation: exported, to: { version: '6.8.23', build: null }, runs: 10, faults: false, seed: 1 } },
  ]);
});

test.each([
  ['is not there', undefined, 'shop.json cannot be read: ENOENT'],
  ['was cut off', JSON.stringify(exported).slice(0, -9), 'shop.json is not JSON, or was cut off.'],
  ['is of something else', '{"kind":"Pod"}', 'shop.json does not hold an observation as `clusterlift cluster export` writes it.'],
  ['is null', 'null', 'shop.json does not hold an observation'],
  [
    'is of a newer version',
    JSON.stringify({ ...exported, version: 2 }),
    'shop.json is an observation of version 2; this command',
  ],
  ['is too large', JSON.stringify({ ...exported, more: 'x'.repeat(limits.exportedMaxBytes) }), 'at most 8388608 are rehearsed.'],
])('a file that %s is a mistake, and nobody is asked', async (_, text, says) => {
  const { run, server } = await against(elsewhere, onTestFinished);
  const ran = await run('rehearse --from shop.json --to 6.8.23', { files: text === undefined ? {} : { 'shop.json': text } });
  expect([ran.code, ran.out]).toEqual([2, '']);
  expect(ran.err).toContain(says);
  expect(server.requests).toEqual([]);
});

test('a rehearsal is of a cluster or of a file, never of both and never of none', async () => {
  const { run, server } = await against(elsewhere, onTestFinished);
  for (const words of ['rehearse --to 6.8.23', 'rehearse logs --from shop.json --to 6.8.23']) {
    const ran = await run(words, { files: { 'shop.json': JSON.stringify(exported) } });
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('A rehearsal is of one cluster')]);
  }
  expect(server.requests).toEqual([]);
});

const plane = {
  fewestReady: { atMs: 14_700, forMs: 4_100, ready: 1, of: 2, away: ['apiserver-1', 'apiserver-2'] },
  ...{ withoutApiserverMs: 0, etcdAway: 1, etcdOf: 3, withoutQuorumMs: 0, withoutControllerManagerMs: 13_900 },
  ...{ withoutSchedulerMs: 93, nodesAway: 1, nodesOf: 2 },
};

test('a rehearsal of a control plane tells who was missing, and which faults it goes back with', async () => {
  const faults = [
    { ...done, fault: 'apiserver-never-ready', member: 'apiserver-surge', status: 'returned', reason, tookMs: 310_000, plane },
    { ...done, fault: 'etcd-full', status: 'stopped', reason, tookMs: 9_700, plane: { ...plane, withoutQuorumMs: 3_000 } },
    { ...done, fault: 'controllers-exit', plane: { ...plane, withoutApiserverMs: 2_000 } },
  ];
  const { run, server } = await against(told(sample({ thinnest: null, findings: [], plane, faults })), onTestFinished);
  const { out, code } = await run('rehearse logs --to 1.37 --nodegroup blue');
  expect(code).toBe(0);
  expect(out.slice(out.indexOf('  waves'), out.indexOf('What was assumed'))).toMatchInlineSnapshot(`
    "  waves         n2 + n3, then n1
      fewest ready  1 of 2 apiservers while apiserver-1 and apiserver-2 are not: for 4 s, 15 s after the start
      etcd          1 of 3 away at most
      no leader     controller managers 14 s at most, schedulers less than a second
      nodes         1 of 2 away or cordoned at most

    Faults that would stop it (the rest of the cluster is left as it is, for a person)
      etcd is full as soon as an apiserver is lifted: it stops after 10 s
        n2 does not start at 6.8.23. es.member-does-not-start
        To go on: Mend its settings, then resume.
        Meanwhile etcd has no majority for 3 s.

    Faults with which it goes back by itself
      apiserver-surge comes up and never gets ready: it has gone back after 5 min 10 s
        n2 does not start at 6.8.23. es.member-does-not-start
        To go on: Mend its settings, then resume.

    Faults that it gets over by itself
      Controller managers and schedulers end soon after they were lifted: done after 40 s
        Meanwhile no apiserver is ready for 2 s.

    "
  `);
  expect(out).toContain('clusterlift upgrade start logs 6.8.23 --nodegroup blue --watch');
  expect(server.requests.at(-1)?.body).toMatchObject({ to: { version: '1.37', build: null }, nodegroup: 'blue' });
});
