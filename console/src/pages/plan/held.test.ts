import { expect, test } from 'vitest';
import { endsOfChecks, type Found, heldBy, toAccept, whyNotStarted } from './held.ts';

const found = (check: string, kind: string, more: Partial<Found> = {}): Found => ({
  check,
  kind,
  hop: 0,
  subject: 'cluster',
  says: 'It is so.',
  evidence: [],
  remedy: 'Mend it.',
  ...more,
});
const report = (check: string, kind: string) => ({ check, asks: `${check}?`, hop: 0, result: { kind } });
const nothing = { findings: [], reports: [] };

test('what was found is told by check, and by what it does to a start', () => {
  const held = heldBy({
    findings: [
      found('es.snapshot', 'policy'),
      found('es.replica', 'hazard', { subject: 'one' }),
      found('es.replica', 'hazard', { subject: 'two' }),
      found('es.trial', 'policy', { loopWaits: true }),
      found('es.later', 'hazard', { loopWaits: true, hop: 1 }),
    ],
    reports: [
      report('es.replica', 'found'),
      report('es.backup', 'could-not-run'),
      { ...report('es.backup', 'could-not-run'), hop: 1 },
    ],
  });
  const names = (groups: readonly { readonly check: string }[]) => groups.map(({ check }) => check);
  expect({
    hazards: names(held.hazards),
    policy: names(held.policy),
    couldNotRun: names(held.couldNotRun),
    stopsLater: names(held.stopsLater),
    passing: names(held.passing),
  }).toEqual({
    hazards: ['es.replica'],
    policy: ['es.snapshot'],
    couldNotRun: ['es.backup'],
    stopsLater: ['es.later'],
    passing: ['es.trial'],
  });
  expect(held.hazards[0]).toMatchObject({ asks: 'es.replica?', findings: [{ subject: 'one' }, { subject: 'two' }] });
  expect(toAccept(held)).toEqual(['es.snapshot', 'es.backup']);
});

test('a hazard holds a start whatever is accepted', () => {
  const held = heldBy({ ...nothing, findings: [found('es.replica', 'hazard'), found('es.snapshot', 'policy')] });
  expect(whyNotStarted(held, new Set(['es.replica', 'es.snapshot']))).toMatch(/^1 hazard holds it\./);
});

test('policy findings and checks that could not run hold a start until each is accepted by its name', () => {
  const held = heldBy({ findings: [found('es.snapshot', 'policy')], reports: [report('es.backup', 'could-not-run')] });
  expect(whyNotStarted(held, new Set())).toMatch(/^Accept es\.snapshot, es\.backup by name/);
  expect(whyNotStarted(held, new Set(['es.backup']))).toMatch(/^Accept es\.snapshot by name/);
  expect(whyNotStarted(held, new Set(['es.backup', 'es.snapshot']))).toBe(null);
});

test('what passes by itself and what stops it later do not hold a start', () => {
  const findings = [found('es.trial', 'policy', { loopWaits: true }), found('es.later', 'hazard', { loopWaits: true })];
  expect(whyNotStarted(heldBy({ ...nothing, findings }), new Set())).toBe(null);
});

test('the four ends of checks are counted apart', () => {
  const reports = [report('a', 'passed'), report('b', 'passed'), report('c', 'could-not-run'), report('d', 'not-applicable')];
  expect(endsOfChecks({ findings: [], reports }).map(({ kind, count }) => [kind, count])).toEqual([
    ['passed', 2],
    ['could-not-run', 1],
    ['not-applicable', 1],
  ]);
});
