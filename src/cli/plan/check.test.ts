import { expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../api/wire.ts';
import { against } from '../testing/against.ts';
import { clusterSample, couldNotRun, findings, ids, planSample } from '../testing/samples.ts';

const planned = (plan: Plan) => ({
  'GET /clusters': { body: { clusters: [clusterSample()] } },
  [`POST /clusters/${ids.cluster}/plans`]: { status: 201, body: plan },
});
const { reports } = planSample();
const found = { check: 'es.index-versions', asks: 'Can every index be opened?', hop: 1, result: { kind: 'found' } };

test('a cluster that nothing holds is said so in a line, and every check with --output wide', async () => {
  const { run } = await against(planned(planSample()), onTestFinished);
  expect(await run('check logs 7.17.29')).toMatchObject({ code: 0, err: '' });
  expect((await run('check logs 7.17.29')).out).toMatchInlineSnapshot(`
    "logs: 6.7.0 -> 7.17.29

    2 of 2 checks passed or did not apply.

    Nothing holds it.
    "
  `);
  expect((await run('check logs 7.17.29 --output wide')).out).toMatchInlineSnapshot(`
    "logs: 6.7.0 -> 7.17.29

    ANSWER          CHECK                         HOP  ASKS
    passed          es.every-index-has-a-replica  1    Has every index a replica?
    not-applicable  es.java-fits                  2    Does Java fit? (it brings its own)

    Nothing holds it.
    "
  `);
});

test('what was found and what could not run is told with its remedy, and ends with 3', async () => {
  const plan = planSample({ findings: [findings.hazard], reports: [...reports, found, couldNotRun] });
  const { run } = await against(planned(plan), onTestFinished);
  const ran = await run('check logs 7.17.29');
  expect(ran).toMatchObject({ code: 3, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "logs: 6.7.0 -> 7.17.29

    ANSWER         CHECK                HOP  ASKS
    found          es.index-versions    2    Can every index be opened?
    could-not-run  es.no-snapshot-runs  1    Is no snapshot being taken? (the repository backup does not answer)

    Findings
      hazard  index old-1  es.index-versions  (hop 2)
        It was created in 5.5.3; 7.17.29 opens indices of 6 and newer.
        | index.version.created 5050399
        To clear it: Reindex it before that hop.

    2 of 4 checks passed or did not apply.

    It is held. What can be accepted, and how: clusterlift plan logs 7.17.29
    "
  `);
  expect(JSON.parse((await run('check logs 7.17.29 --output json')).out)).toMatchObject({
    held: true,
    findings: [findings.hazard],
  });
});
