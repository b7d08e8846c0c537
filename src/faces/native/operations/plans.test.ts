import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../domain/index.ts';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import {
  clusterId,
  hazard,
  policyFinding,
  samplePlan,
  sampleUpgrade,
  strangersClusterId,
  uuidOf,
  waitedFor,
} from '../testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const to = { version: '6.3.2', build: null };
const couldNotRun: CheckReport = {
  check: 'es.disk-has-room',
  asks: 'Is there room?',
  hop: 0,
  result: { kind: 'could-not-run', because: 'HTTP 403' },
};

describe('plans', () => {
  it('makes one, with whatever was found, and keeps it', async () => {
    world.findings = [hazard, policyFinding, waitedFor];
    world.reports = [couldNotRun, { check: hazard.check, asks: 'Known?', hop: 0, result: { kind: 'found', findings: [hazard] } }];
    const { status, json, headers } = await face.ask('POST', `/clusters/${clusterId}/plans`, { to });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/plans/${json.id}`);
    expect(json).toMatchObject({
      clusterId,
      from: { version: '5.6.16', build: null },
      to,
      madeBy: 'LTAItests',
      estimateSeconds: 60,
    });
    expect(json.hops[0].waves).toEqual([['n2'], ['n1']]);
    expect(json.findings).toEqual([hazard, policyFinding, waitedFor]);
    const { check, hop, ...found } = hazard;
    expect(json.reports).toEqual([couldNotRun, { check, asks: 'Known?', hop, result: { kind: 'found', findings: [found] } }]);
    expect((await face.ask('GET', `/plans/${json.id}`)).json).toEqual(json);
  });

  it.each([
    ['6.7.0', 2],
    ['6.3.2', 1],
  ])('plans the whole way to %s', async (version, hops) => {
    const { json } = await face.ask('POST', `/clusters/${clusterId}/plans`, { to: { version } });
    expect(json.hops).toHaveLength(hops);
  });

  it.each([
    [{ version: '1.0.0' }, 'unknown-version', 'Version 1.0.0 is not in the catalog.'],
    [{ version: '6.3.2', build: 'x' }, 'unknown-build', 'Version 6.3.2 has no build x.'],
    [{ version: '5.6.16' }, 'already-there', 'The cluster runs 5.6.16 already; there is nothing to do.'],
    [{ version: '9.2.8' }, 'no-path', 'No way leads there from 5.6.16; it leads to 6.3.2, 6.7.0.'],
  ])('says why there is no way to %j', async (target, because, says) => {
    const { status, json } = await face.ask('POST', `/clusters/${clusterId}/plans`, { to: target });
    expect([status, json.error.code, json.error.says]).toEqual([422, 'no-route', says]);
    expect(json.error.details).toMatchObject({ because, from: { version: '5.6.16', build: null } });
  });

  it.each([
    [{ kind: 'not-ready', says: 'The cluster is being created.' }, 409, 'not-ready', 'The cluster is being created.'],
    [{ kind: 'unreachable', because: 'nobody answers' }, 422, 'unreachable', 'The cluster cannot be reached: nobody answers'],
    [
      { kind: 'upgrade-unfinished', upgrade: sampleUpgrade() },
      409,
      'upgrade-unfinished',
      'The cluster has an upgrade that has not ended.',
    ],
  ] as const)('is refused where the cluster is not fit for it: %j', async (end, status, code, says) => {
    world.control.planUpgrade = async () => end;
    const { status: was, json } = await face.ask('POST', `/clusters/${clusterId}/plans`, { to });
    expect([was, json.error.code, json.error.says]).toEqual([status, code, says]);
  });

  it('does not know a plan of another account', async () => {
    world.plans.set(uuidOf(7), samplePlan({ id: uuidOf(7), clusterId: strangersClusterId }));
    const shown = await face.ask('GET', `/plans/${uuidOf(7)}`);
    const started = await face.ask('POST', '/upgrades', { planId: uuidOf(7) });
    expect([shown.status, started.status, started.json.error.says]).toEqual([404, 404, `No plan has the id ${uuidOf(7)}.`]);
    expect(world.writes).toEqual([]);
  });
});
