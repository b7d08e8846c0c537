import { expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../api/wire.ts';
import { limits } from '../limits.ts';
import { against } from '../testing/against.ts';
import { clusterSample, couldNotRun, findings, ids, planSample } from '../testing/samples.ts';
import { refusedWith } from '../testing/stub-server.ts';

const path = `POST /clusters/${ids.cluster}/plans`;
const planned = (...plans: readonly Plan[]) => ({
  'GET /clusters': { body: { clusters: [clusterSample()] } },
  [path]: plans.map((plan) => ({ status: 201, body: plan })),
});

test('a plan that can start shows the way, what is touched and the command that starts it', async () => {
  const { run, server } = await against(planned(planSample()), onTestFinished);
  const ran = await run('plan logs 7.17.29');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "logs: 6.7.0 -> 7.17.29, 2 hops, about 1 min 25 s

    Hop 1  6.7.0 -> 6.8.23, rolling, about 20 s
      waves  n2, then n1

    Hop 2  6.8.23 -> 7.17.29, rolling, about 1 min 5 s
      waves        n2 + n3, then n1
      requires     no index of 5.x
      no way back  No node can go back to 6.8.23. That is passed when n1 is taken.

    What will be touched
      - n1, n2, n3 are stopped and started at 6.8.23, a wave at a time.

    Checks
      2 checks: 1 passed, 1 did not apply

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    It can start: clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --watch
    "
  `);
  expect(server.requests.at(-1)?.body).toEqual({ to: { version: '7.17.29', build: null } });
});

test('a hazard holds it, and no way around is offered', async () => {
  const plan = planSample({ findings: [findings.policy, findings.hazard], gateAfterFirstMember: true });
  const { run } = await against(planned(plan), onTestFinished);
  const ran = await run('plan logs 7.17.29 --build ali1.0.2');
  expect(ran.code).toBe(3);
  expect(ran.out.slice(ran.out.indexOf('Checks'))).toMatchInlineSnapshot(`
    "Checks
      2 checks: 1 passed, 1 did not apply

    Findings
      hazard  index old-1  es.index-versions  (hop 2)
        It was created in 5.5.3; 7.17.29 opens indices of 6 and newer.
        | index.version.created 5050399
        To clear it: Reindex it before that hop.
      policy  cluster  es.snapshot-is-recent  (hop 1)
        There is no finished snapshot.
        To clear it: Take a snapshot now.

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    Held by 1 hazard and 1 policy finding. Clear what is found, then plan again.
    "
  `);
  expect(ran.out).toContain('after the first member; a person says go on');
  expect(ran.out).not.toContain('--acknowledge');
});

test('policy findings and checks that could not run hold it, and can be accepted by name', async () => {
  const { reports } = planSample();
  const plan = planSample({ findings: [findings.policy], reports: [...reports, couldNotRun] });
  const { run } = await against(planned(plan), onTestFinished);
  const ran = await run('plan logs 7.17.29');
  expect(ran.code).toBe(3);
  expect(ran.out.slice(ran.out.indexOf('Checks'))).toMatchInlineSnapshot(`
    "Checks
      3 checks: 1 passed, 1 could not run, 1 did not apply

    Findings
      policy  cluster  es.snapshot-is-recent  (hop 1)
        There is no finished snapshot.
        To clear it: Take a snapshot now.

    Checks that could not run
      could-not-run  es.no-snapshot-runs
        Is no snapshot being taken?
        Because: the repository backup does not answer

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    Held by 1 policy finding and 1 check that could not run. Clear what is found and plan again, or accept it by name:
      clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --acknowledge es.snapshot-is-recent --acknowledge es.no-snapshot-runs --watch
    "
  `);
});

test('a trial start that goes on does not hold it: the upgrade waits by itself', async () => {
  const { run, server } = await against(planned(planSample({ findings: [findings.trial] })), onTestFinished);
  const ran = await run('plan logs 7.17.29');
  expect(ran.code).toBe(0);
  expect(ran.out.slice(ran.out.indexOf('Checks'))).toMatchInlineSnapshot(`
    "Checks
      2 checks: 1 passed, 1 did not apply

    What passes by itself (an upgrade waits for it before it touches anything)
      - The trial start of n1 at 6.8.23 has not finished.

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    It can start: clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --watch
    "
  `);
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('what only a later hop cannot bear does not hold a start: the upgrade stops before that hop, and nobody waits for it', async () => {
  const later = { ...findings.hazard, loopWaits: true } as const;
  const { run } = await against(planned(planSample({ findings: [later] })), onTestFinished);
  const ran = await run('plan logs 7.17.29 --wait');
  expect(ran).toMatchObject({ code: 0, err: '', pausedMs: 0 });
  expect(ran.out.slice(ran.out.indexOf('Where'))).toMatchInlineSnapshot(`
    "Where it will stop unless this is cleared on the way
      hazard  index old-1  es.index-versions  (hop 2)
        It was created in 5.5.3; 7.17.29 opens indices of 6 and newer.
        | index.version.created 5050399
        To clear it: Reindex it before that hop.

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    It can start: clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --watch
    "
  `);
});

test('a check that finds the same of very many is cut short, for people only', async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ ...findings.hazard, subject: `index old-${index}` }));
  const { run } = await against(planned(planSample({ findings: [findings.policy, ...many] })), onTestFinished);
  const ran = await run('plan logs 7.17.29');
  const shown = ran.out.match(/index old-\d+/g);
  expect(shown).toEqual(many.slice(0, 20).map(({ subject }) => subject));
  expect(ran.out).toContain('  and 10 more of es.index-versions; --output json shows them all\n');
  expect(ran.out).toContain('Held by 30 hazards and 1 policy finding.');
  expect(JSON.parse((await run('plan logs 7.17.29 --output json')).out)).toMatchObject({ findings: [findings.policy, ...many] });
});

test('--wait asks again until the trial start has ended, and shows that plan alone', async () => {
  const waiting = planSample({ findings: [findings.trial] });
  const refused = planSample({ findings: [{ ...findings.hazard, check: 'es.trial-start-passed', hop: 0 }] });
  const { run, server } = await against(planned(waiting, waiting, refused), onTestFinished);
  const ran = await run('plan logs 7.17.29 --wait');
  expect(ran).toMatchObject({ code: 3, pausedMs: 2 * limits.trialLookAgainMs });
  expect(ran.err).toBe('Waiting: The trial start of n1 at 6.8.23 has not finished.\n');
  expect(ran.out.match(/^Plan /gm)).toHaveLength(1);
  expect(ran.out).toContain('Held by 1 hazard.');
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
});

test('--wait does not wait for what waiting cannot clear', async () => {
  const { run } = await against(planned(planSample({ findings: [findings.trial, findings.policy] })), onTestFinished);
  expect(await run('plan logs 7.17.29 --wait')).toMatchObject({ code: 3, pausedMs: 0 });
});

test('--wait has a limit, and says so when it is over', async () => {
  const { run } = await against(planned(planSample({ findings: [findings.trial] })), onTestFinished);
  const ran = await run('plan logs 7.17.29 --wait');
  expect(ran).toMatchObject({ code: 3, pausedMs: limits.trialWaitMs });
  expect(ran.err).toContain('Not all of it has passed within 10 min.\n');
});

test('a cluster that is there already is no error', async () => {
  const { run } = await against(
    {
      ...planned(),
      [path]: refusedWith(422, 'no-route', 'The cluster runs 6.7.0 already; there is nothing to do.', {
        details: { because: 'already-there', from: { version: '6.7.0', build: null } },
      }),
    },
    onTestFinished,
  );
  expect(await run('plan logs 6.7.0')).toMatchObject({
    code: 0,
    out: 'The cluster runs 6.7.0 already; there is nothing to do.\n',
    err: '',
  });
});

test('a version without a way is an error in the words of the server', async () => {
  const { run } = await against(
    {
      ...planned(),
      [path]: refusedWith(422, 'no-route', 'Version 9.9.9 is not in the catalog.', { details: { because: 'unknown-version' } }),
    },
    onTestFinished,
  );
  expect(await run('plan logs 9.9.9')).toMatchObject({ code: 1, out: '', err: 'Error: Version 9.9.9 is not in the catalog.\n' });
});

test('a plan is the same for programs', async () => {
  const plan = planSample({ findings: [findings.hazard] });
  const { run } = await against(planned(plan), onTestFinished);
  const ran = await run('plan logs 7.17.29 --output json');
  expect(ran.code).toBe(3);
  expect(JSON.parse(ran.out)).toEqual(plan);
});

const changed = planSample({
  estimateSeconds: 40,
  findings: [findings.policy],
  hops: planSample().hops.map((hop, index) => (index === 0 ? hop : { ...hop, waves: [['n2'], ['n3'], ['n1']] })),
});

test('--save writes the plan, and --diff says what has changed since', async () => {
  const written: Record<string, string> = {};
  const { run } = await against(planned(planSample(), changed), onTestFinished);
  const saved = await run('plan logs 7.17.29 --save monday.json', { onWrite: (file, text) => (written[file] = text) });
  expect(saved).toMatchObject({ code: 0, err: 'The plan is saved in monday.json.\n' });
  expect(JSON.parse(written['monday.json'] ?? '')).toEqual(planSample());
  const ran = await run('plan logs 7.17.29 --diff monday.json', { files: written });
  expect(ran.code).toBe(3);
  expect(ran.out).toMatchInlineSnapshot(`
    "logs, since plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
      - waves 6.8.23 -> 7.17.29: n2 + n3, then n1
      + waves 6.8.23 -> 7.17.29: n2, then n3, then n1
      + finding: policy cluster (es.snapshot-is-recent): There is no finished snapshot.
      - estimate: 1 min 25 s
      + estimate: 40 s

    Plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51
    Held by 1 policy finding. Clear what is found and plan again, or accept it by name:
      clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --acknowledge es.snapshot-is-recent --watch
    "
  `);
});

test('--diff against a plan of the server is the same for programs', async () => {
  const { run } = await against({ ...planned(planSample()), [`GET /plans/${ids.plan}`]: { body: changed } }, onTestFinished);
  const ran = await run(`plan logs 7.17.29 --diff ${ids.plan} --output json`);
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.out)).toMatchObject({
    earlier: ids.plan,
    changes: [
      { what: 'waves 6.8.23 -> 7.17.29', before: 'n2, then n3, then n1', after: 'n2 + n3, then n1' },
      { what: 'finding', after: null },
      { what: 'estimate', before: '40 s', after: '1 min 25 s' },
    ],
  });
});

test('--diff says that nothing has changed', async () => {
  const { run } = await against(planned(planSample()), onTestFinished);
  const { code, out } = await run('plan logs 7.17.29 --diff old.json', { files: { 'old.json': JSON.stringify(planSample()) } });
  expect([code, out.split('\n')[1]]).toEqual([0, '  Nothing has changed.']);
});

test.each([
  ['nowhere.json', 'nowhere.json cannot be read: ENOENT'],
  ['other.json', 'other.json does not hold a plan as `clusterlift plan --save` writes it.'],
  ['theirs.json', `Plan ${ids.plan} is one of another cluster (es-cn-other).`],
])('--diff %s is a mistake', async (file, says) => {
  const files = { 'other.json': '{"id":7}', 'theirs.json': JSON.stringify(planSample({ clusterId: 'es-cn-other' })) };
  const { run } = await against(planned(planSample()), onTestFinished);
  const ran = await run(`plan logs 7.17.29 --diff ${file}`, { files });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain(says);
});
