import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionsOfStarted, type StartResult, type WishEnd } from '../../../control/index.ts';
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

describe('starting an upgrade', () => {
  it('runs the plan that was reviewed, of the plan’s cluster', async () => {
    const plan = (await face.ask('POST', `/clusters/${clusterId}/plans`, { to: { version: '6.7.0' } })).json;
    const { status, json, headers } = await face.ask('POST', '/upgrades', { planId: plan.id, acknowledge: ['es.a', 'es.a'] });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/upgrades/${json.id}`);
    expect(json).toMatchObject({
      clusterId,
      planId: plan.id,
      status: 'running',
      hop: 0,
      hops: 2,
      inHand: ['n2'],
      startedBy: 'LTAItests',
    });
    expect(json.acknowledged).toEqual(['es.a']);
    expect((await face.ask('GET', `/upgrades/${json.id}`)).json).toEqual(json);
    expect((await face.ask('GET', `/clusters/${clusterId}`)).json).toMatchObject({ status: 'upgrading', upgradeId: json.id });
  });

  it('plans anew for a cluster and a target', async () => {
    const { status, json } = await face.ask('POST', '/upgrades', { clusterId, to: { version: '6.3.2' } });
    expect([status, json.to, json.hops]).toEqual([201, to, 1]);
  });

  it('is held by hazards, policy findings and checks that could not run, and says what may be acknowledged', async () => {
    world.findings = [hazard, policyFinding, waitedFor];
    world.reports = [couldNotRun];
    const { status, json } = await face.ask('POST', '/upgrades', { clusterId, to });
    expect([status, json.error.code]).toEqual([422, 'obstacles']);
    expect(json.error.says).toBe(`3 findings hold the upgrade; nothing was started. ${hazard.says}`);
    expect(json.error.remedy).toBe(
      'A hazard cannot be acknowledged; clear it. setting index.store.throttle.type: Remove the setting. ' +
        'Clear what you can; to accept the rest, acknowledge es.snapshot-is-recent, es.disk-has-room.',
    );
    expect(json.error.details).toEqual({
      planId: null,
      acknowledge: ['es.snapshot-is-recent', 'es.disk-has-room'],
      hazards: [hazard],
      policy: [policyFinding],
      couldNotRun: [couldNotRun],
    });
    expect(world.upgrades).toEqual([]);
  });

  it('goes on past what was acknowledged, never past a hazard', async () => {
    world.findings = [policyFinding];
    world.reports = [couldNotRun];
    const half = await face.ask('POST', '/upgrades', { clusterId, to, acknowledge: [policyFinding.check] });
    expect(half.json.error).toMatchObject({
      says: '1 finding holds the upgrade; nothing was started. es.disk-has-room could not run: HTTP 403',
      remedy: 'Clear what you can; to accept the rest, acknowledge es.disk-has-room.',
    });
    world.findings = [hazard, policyFinding];
    const acknowledge = [policyFinding.check, couldNotRun.check, hazard.check];
    const held = await face.ask('POST', '/upgrades', { clusterId, to, acknowledge });
    expect(held.json.error.details).toMatchObject({ acknowledge: [], hazards: [hazard], policy: [], couldNotRun: [] });
    world.findings = [policyFinding];
    expect((await face.ask('POST', '/upgrades', { clusterId, to, acknowledge })).status).toBe(201);
  });

  it.each([
    [{ kind: 'plan-outdated', says: 'It has changed.' }, 409, 'plan-outdated'],
    [{ kind: 'plan-not-found' }, 404, 'not-found'],
    [{ kind: 'not-found' }, 404, 'not-found'],
    [{ kind: 'not-ready', says: 'It is being removed.' }, 409, 'not-ready'],
    [{ kind: 'unreachable', because: 'nobody answers' }, 422, 'unreachable'],
    [{ kind: 'token-taken' }, 409, 'token-mismatch'],
    [{ kind: 'too-far', from: { version: '5.6.16', build: null }, next: ['6.3.2'] }, 422, 'no-route'],
    [{ kind: 'upgrade-unfinished', upgrade: sampleUpgrade() }, 409, 'upgrade-unfinished'],
  ] satisfies [StartResult, number, string][])('says so when it ends as %j', async (end, status, code) => {
    world.control.startUpgrade = async () => end;
    const { status: was, json } = await face.ask('POST', '/upgrades', { clusterId, to });
    expect([was, json.error.code]).toEqual([status, code]);
    if (end.kind === 'upgrade-unfinished') expect(json.error.details).toEqual({ upgradeId: uuidOf(100) });
  });

  it.each([
    [{}, 'planId is needed, or clusterId and to.'],
    [{ clusterId }, 'planId is needed, or clusterId and to.'],
    [{ to }, 'planId is needed, or clusterId and to.'],
    [{ planId: uuidOf(1), clusterId }, 'planId already says what is started, and of which cluster.'],
    [{ planId: uuidOf(1), to }, 'planId already says what is started, and of which cluster.'],
  ])('needs a plan, or a cluster and a target: %j', async (body, says) => {
    const { status, json } = await face.ask('POST', '/upgrades', body);
    expect([status, json.error.code, json.error.says]).toEqual([400, 'bad-input', says]);
    expect(world.writes).toEqual([]);
  });
});

describe('clientToken', () => {
  const request = { clusterId, to, acknowledge: ['es.b', 'es.a'], clientToken: 'once-only' };

  it('answers the same request with its first answer, whatever has become of it', async () => {
    const first = await face.ask('POST', '/upgrades', request);
    world.change(first.json.id, { status: 'done', endedAt: '2026-11-24T13:00:00.000Z' });
    const again = await face.ask('POST', '/upgrades', { ...request, acknowledge: ['es.a', 'es.b'] });
    expect([again.status, again.headers.location]).toEqual([201, first.headers.location]);
    expect(again.json).toEqual(first.json);
    expect(world.upgrades).toHaveLength(1);
  });

  it.each([
    [{ ...request, to: { version: '6.7.0' } }],
    [{ ...request, to: { version: '6.3.2', build: 'ali1.2.0' } }],
    [{ ...request, acknowledge: [] }],
    [{ planId: uuidOf(1), clientToken: 'once-only' }],
  ])('refuses another request with the same token: %j', async (other) => {
    await face.ask('POST', '/upgrades', request);
    const { status, json } = await face.ask('POST', '/upgrades', other);
    expect([status, json.error.code]).toEqual([409, 'token-mismatch']);
    expect(world.upgrades).toHaveLength(1);
  });

  it('does not remember a refusal', async () => {
    world.findings = [hazard];
    expect((await face.ask('POST', '/upgrades', request)).status).toBe(422);
    world.findings = [];
    expect((await face.ask('POST', '/upgrades', request)).status).toBe(201);
  });

  it('gives both of two requests at once the one upgrade', async () => {
    const start = world.control.startUpgrade;
    // The other request has come first, and this one did not see its token yet.
    world.control.startUpgrade = async (caller, wanted) => {
      await start(caller, wanted);
      return start(caller, wanted);
    };
    const { status, json } = await face.ask('POST', '/upgrades', request);
    expect([status, json.id]).toEqual([201, world.upgrades[0]?.id]);
    expect(world.upgrades).toHaveLength(1);
  });

  it('belongs to the key that sent it', async () => {
    await face.ask('POST', '/upgrades', request);
    expect([...world.tokens.values()].map(({ scope, token }) => [scope, token])).toEqual([
      ['native LTAItests startUpgrade', 'once-only'],
    ]);
  });
});

describe('the way back', () => {
  it('is a plan like any other', async () => {
    world.upgrades.push(sampleUpgrade({ status: 'done' }));
    const { status, json, headers } = await face.ask('POST', `/upgrades/${uuidOf(100)}/way-back`);
    const { from: to } = sampleUpgrade();
    expect([status, json.to, headers.location]).toEqual([201, to, `/api/v1/plans/${json.id}`]);
    expect((await face.ask('GET', `/plans/${json.id}`)).json).toEqual(json);
  });

  it('is refused with its reason where there is none', async () => {
    world.upgrades.push(sampleUpgrade());
    const { status, json } = await face.ask('POST', `/upgrades/${uuidOf(100)}/way-back`);
    expect([status, json.error.code, json.error.says]).toEqual([409, 'not-now', 'The upgrade has not ended.']);
    expect((await face.ask('POST', `/upgrades/${uuidOf(9)}/way-back`)).status).toBe(404);
    expect(world.plans.size).toBe(0);
  });
});

describe('upgrades', () => {
  it('shows one without what only the loop needs', async () => {
    world.plans.set(uuidOf(1), samplePlan());
    world.upgrades.push(sampleUpgrade());
    const { json } = await face.ask('GET', `/upgrades/${uuidOf(100)}`);
    const { ledger, ...shown } = sampleUpgrade();
    const actions = actionsOfStarted(sampleUpgrade());
    expect(json).toEqual({ ...shown, hop: ledger.hop, hops: 1, inHand: ['n2'], actions });
  });

  it('lists them newest first, page by page, each exactly once', async () => {
    for (let number = 0; number < 5; number += 1)
      world.upgrades.push(sampleUpgrade({ id: uuidOf(100 + number), status: number === 4 ? 'running' : 'done' }));
    const ids: string[] = [];
    let next: string | null = null;
    for (let pages = 0; pages < 3; pages += 1) {
      const path: string = next === null ? '/upgrades?limit=2' : `/upgrades?limit=2&before=${next}`;
      const { json } = await face.ask('GET', path);
      ids.push(...json.upgrades.map((upgrade: { id: string }) => upgrade.id));
      next = json.next;
    }
    expect(next).toBe(null);
    expect(ids).toEqual([104, 103, 102, 101, 100].map(uuidOf));
  });

  it('ends a page that is exactly full', async () => {
    world.upgrades.push(sampleUpgrade());
    expect((await face.ask('GET', '/upgrades?limit=1')).json.next).toBe(null);
  });

  it('filters by cluster and by whether they are unfinished', async () => {
    world.clusters.set('es-other', { ...[...world.clusters.values()][0], id: 'es-other', name: 'other' } as never);
    world.upgrades.push(
      sampleUpgrade({ id: uuidOf(1), status: 'done' }),
      sampleUpgrade({ id: uuidOf(2), clusterId: 'es-other' }),
    );
    const idsOf = async (query: string) =>
      (await face.ask('GET', `/upgrades?${query}`)).json.upgrades.map((upgrade: { id: string }) => upgrade.id);
    expect(await idsOf(`clusterId=${clusterId}`)).toEqual([uuidOf(1)]);
    expect(await idsOf('unfinished=true')).toEqual([uuidOf(2)]);
    expect(await idsOf('unfinished=false')).toEqual([uuidOf(1)]);
    expect(await idsOf('unfinished=true&nobody=knows')).toEqual([uuidOf(2)]);
  });

  it('does not know upgrades of another account', async () => {
    world.upgrades.push(sampleUpgrade({ clusterId: strangersClusterId }));
    expect((await face.ask('GET', '/upgrades')).json.upgrades).toEqual([]);
    expect((await face.ask('GET', `/upgrades?clusterId=${strangersClusterId}`)).status).toBe(404);
    for (const path of ['', '/events', '/events?follow=true'])
      expect((await face.ask('GET', `/upgrades/${uuidOf(100)}${path}`)).status).toBe(404);
    for (const wish of ['pause', 'resume', 'cancel', 'continue'])
      expect((await face.ask('POST', `/upgrades/${uuidOf(100)}/${wish}`)).json.error.code).toBe('not-found');
  });
});

describe('wishes', () => {
  it.each(['pause', 'resume', 'cancel', 'continue'])('%s is handed on, and what happens is said', async (wish) => {
    world.upgrades.push(sampleUpgrade());
    const asked: unknown[] = [];
    world.control.wish = async (caller, id, wanted): Promise<WishEnd> => {
      asked.push([caller, id, wanted]);
      return { kind: 'accepted', upgrade: sampleUpgrade({ intent: 'cancel' }) };
    };
    const { status, json } = await face.ask('POST', `/upgrades/${uuidOf(100)}/${wish}`);
    expect([status, json.upgrade.id, json.upgrade.intent]).toEqual([200, uuidOf(100), 'cancel']);
    expect(json.says).toMatch(/^It (pauses|goes on|ends)/);
    expect(asked).toEqual([[{ keyId: 'LTAItests', account: '100000000000', policy: null }, uuidOf(100), wish]]);
  });

  it('says that a thing is so already, and that it cannot be now', async () => {
    world.upgrades.push(sampleUpgrade());
    await face.ask('POST', `/upgrades/${uuidOf(100)}/pause`);
    const again = await face.ask('POST', `/upgrades/${uuidOf(100)}/pause`, {});
    expect([again.status, again.json.says]).toEqual([200, 'The upgrade is paused or about to be.']);
    const gate = await face.ask('POST', `/upgrades/${uuidOf(100)}/continue`);
    expect([gate.status, gate.json.error]).toEqual([
      409,
      { code: 'not-now', says: 'The upgrade does not wait at a gate.', details: { status: 'running' } },
    ]);
  });
});
