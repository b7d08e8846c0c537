import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../domain/index.ts';
import { operations } from '../faces/native/routes.ts';
import { basicOf, createWorld, type Face, openFace, type World } from '../faces/native/testing.ts';
import { clusterId, marker, noon, sampleKey, samplePlan, sampleUpgrade, uuidOf } from '../faces/native/testing-samples.ts';
import { keepAuditTrail } from './audit-trail.ts';

let world: World;
let face: Face;
let entries: AuditEntry[];
let logged: { readonly about: object; readonly says: string }[];
let isAway: boolean;
beforeEach(async () => {
  world = createWorld();
  [entries, logged, isAway] = [[], [], false];
  const insertAuditEntry = async (entry: AuditEntry) => {
    if (isAway) throw new Error('the database is away');
    entries.push(entry);
  };
  const keep = (about: object, says: string) => void logged.push({ about, says });
  const log = { debug: keep, info: keep, warn: keep, error: keep };
  face = await openFace(world, (fastify) =>
    keepAuditTrail(fastify, { store: { insertAuditEntry }, now: world.now, newId: () => uuidOf(7), log }),
  );
});
afterEach(() => face.fastify.close());

const ours = { at: noon, account: sampleKey().account, keyId: 'LTAItests', isSession: false, face: 'native' };
const sent = { requestId: uuidOf(7), address: '127.0.0.1' };

describe('the audit trail', () => {
  it('has who called what of whom, with what came of it, before the answer is given', async () => {
    world.plans.set(uuidOf(1), samplePlan());
    const { json, headers } = await face.ask('POST', '/upgrades', { clusterId, to: { version: '6.3.2' } });
    expect(headers['x-request-id']).toBe(uuidOf(7));
    const started = { action: 'clusterlift:StartUpgrade', about: `cluster/${clusterId}`, made: `/upgrades/${json.id}` };
    expect(entries).toEqual([{ ...ours, ...started, status: 201, code: null, ...sent }]);
    await face.ask('POST', `/upgrades/${json.id}/continue`);
    const refused = { action: 'clusterlift:ContinueUpgrade', about: `upgrade/${json.id}`, made: null };
    expect(entries.slice(1)).toEqual([{ ...ours, ...refused, status: 409, code: 'not-now', ...sent }]);
  });

  it('has what a policy forbade, and what failed by our own fault', async () => {
    world.control.changeCluster = async () => {
      throw new Error('a mistake');
    };
    await face.ask('PATCH', `/clusters/${clusterId}`, { description: 'x' });
    world.keys.splice(0, 1, sampleKey({ policy: { Statement: [] } }));
    await face.ask('DELETE', `/clusters/${clusterId}`);
    expect(entries.map(({ action, about, status, code }) => [action, about, status, code])).toEqual([
      ['clusterlift:ChangeCluster', `cluster/${clusterId}`, 500, 'internal'],
      ['clusterlift:RemoveCluster', `cluster/${clusterId}`, 403, 'denied'],
    ]);
  });

  it('tells a session from a key, and has who signed in and out', async () => {
    const { id: keyId, secret } = sampleKey();
    const json = { 'content-type': 'application/json' };
    const signIn = (body: object) =>
      face.askRaw({ method: 'POST', url: '/session', headers: json, payload: JSON.stringify(body) });
    await signIn({ keyId, secret: 'wrong' });
    expect(entries).toEqual([]);
    const cookie = String((await signIn({ keyId, secret })).headers['set-cookie']).split(';')[0] ?? '';
    const headers = { cookie, 'x-clusterlift-console': '1' };
    world.upgrades.push(sampleUpgrade());
    await face.askRaw({ method: 'POST', url: `/upgrades/${uuidOf(100)}/pause`, headers });
    await face.askRaw({ method: 'DELETE', url: '/session', headers });
    expect(entries.map(({ keyId: by, isSession, action, status }) => [by, isSession, action, status])).toEqual([
      [keyId, false, 'clusterlift:OpenSession', 200],
      [keyId, true, 'clusterlift:PauseUpgrade', 200],
      [keyId, true, 'clusterlift:CloseSession', 200],
    ]);
  });

  it('has nothing of whoever is not known, and nothing of what only looks', async () => {
    await face.askRaw({ method: 'DELETE', url: `/clusters/${clusterId}` });
    const authorization = basicOf({ id: 'LTAItests', secret: 'wrong' });
    await face.askRaw({ method: 'DELETE', url: `/clusters/${clusterId}`, headers: { authorization } });
    for (const { path } of operations.filter(({ method }) => method === 'GET'))
      await face.askRaw({ url: path.replace(/:\w+/, clusterId), headers: { authorization: face.authorization } });
    expect(entries).toEqual([]);
  });

  it('has every operation that is no look, and no secret of any', async () => {
    world.engineAnswer = async () => ({ kind: 'done', value: { repository: 'r', snapshot: 's', state: 'SUCCESS' } });
    const places: Record<string, string> = { clusterId, planId: uuidOf(1), upgradeId: uuidOf(100), keyId: 'LTAItests' };
    const node = { name: 'a', url: 'http://127.0.0.1:9201', transportPort: 9301 };
    const secretly = { username: 'elastic', password: marker, settings: { 'a.secret': marker } };
    const bodies: Record<string, unknown> = {
      openSession: { keyId: 'LTAItests', secret: sampleKey().secret },
      addCluster: { name: 'shop', engine: 'elasticsearch', clusterName: 'shop', nodes: [node], ...secretly },
      changeCluster: { description: marker },
      makePlan: { to: { version: '6.3.2' } },
      rehearseUpgrade: { to: { version: '6.3.2' } },
      startUpgrade: { clusterId, to: { version: '6.3.2' }, clientToken: marker },
    };
    const changing = operations.filter(({ method }) => method !== 'GET');
    const asked = changing.filter(({ id, body, bodyOptional }) => bodies[id] !== undefined || body === null || bodyOptional);
    for (const { id, method, path } of asked) {
      world.upgrades.splice(
        0,
        world.upgrades.length,
        ...(id.endsWith('Upgrade') && id !== 'startUpgrade' ? [sampleUpgrade()] : []),
      );
      await face.askRaw({
        method,
        url: path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? name),
        headers: { authorization: face.authorization, 'content-type': 'application/json' },
        payload: JSON.stringify(bodies[id] ?? {}),
      });
    }
    const seen = entries.map(({ action }) => action.replace('clusterlift:', '').toLowerCase());
    expect(seen).toEqual(asked.map(({ id }) => id.toLowerCase()));
    expect(seen.length).toBeGreaterThan(12);
    expect(JSON.stringify(entries)).not.toContain(marker);
  });

  it('keeps no answer back when it cannot be written, and the log has what it would have had', async () => {
    isAway = true;
    world.upgrades.push(sampleUpgrade());
    expect((await face.ask('POST', `/upgrades/${uuidOf(100)}/pause`)).status).toBe(200);
    expect(logged).toMatchObject([
      { about: { entry: { action: 'clusterlift:PauseUpgrade' } }, says: expect.stringContaining('audit trail') },
    ]);
  });
});
