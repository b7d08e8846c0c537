import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basicOf, createWorld, type Face, openFace, type World } from '../testing.ts';
import { clusterId, noon, sampleKey, sampleUpgrade, uuidOf } from '../testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const { id: keyId, secret } = sampleKey();
const json = { 'content-type': 'application/json' };
const fromConsole = { 'x-clusterlift-console': '1' };
const host = { host: 'lift.example:7171' };

function signIn(headers: Record<string, string> = {}, body: unknown = { keyId, secret }) {
  return face.askRaw({ method: 'POST', url: '/session', headers: { ...json, ...headers }, payload: JSON.stringify(body) });
}

/** The cookie of somebody who signs in, as a browser sends it back. */
async function cookieOf(headers: Record<string, string> = {}): Promise<string> {
  return String((await signIn(headers)).headers['set-cookie']).split(';')[0] ?? '';
}

function pause(headers: Record<string, string>) {
  world.upgrades.splice(0, world.upgrades.length, sampleUpgrade());
  return face.askRaw({ method: 'POST', url: `/upgrades/${uuidOf(100)}/pause`, headers });
}

describe('signing in', () => {
  it('answers with who one is, and with a cookie that no script reads and no other site sends', async () => {
    const asked = await signIn();
    expect([asked.status, asked.json]).toEqual([
      200,
      { keyId, account: sampleKey().account, policy: null, expiresAt: '2026-11-25T00:00:00.000Z' },
    ]);
    expect(asked.headers['set-cookie']).toMatch(
      /^clusterlift_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(asked.headers['cache-control']).toBe('no-store');
    const cookie = await cookieOf();
    expect((await face.askRaw({ url: '/clusters', headers: { cookie } })).json.clusters).toHaveLength(1);
    expect((await face.askRaw({ url: '/session', headers: { cookie: `theme=dark; ${cookie}; a=b` } })).json).toEqual(asked.json);
  });

  it('marks the cookie for TLS alone where the page came over TLS', async () => {
    const asked = await signIn({ ...host, origin: 'https://lift.example:7171' });
    expect(asked.headers['set-cookie']).toMatch(/; Secure$/);
  });

  it.each([
    ['a wrong secret', { keyId, secret: 'wrong' }, 401, 'wrong-key'],
    ['an unknown key', { keyId: 'LTAInobody', secret }, 401, 'wrong-key'],
    ['no secret', { keyId }, 400, 'bad-input'],
    ['something else besides', { keyId, secret, account: 'x' }, 400, 'bad-input'],
  ])('with %s makes no session', async (_, body, status, code) => {
    const asked = await signIn(fromConsole, body);
    expect([asked.status, asked.json.error.code, asked.headers['set-cookie']]).toEqual([status, code, undefined]);
    // With that header the browser would ask for a password in a window of its own.
    expect(asked.headers['www-authenticate']).toBeUndefined();
    expect(world.sessions.size).toBe(0);
  });

  it('with a key that has been revoked makes no session', async () => {
    world.keys.splice(0, 1, sampleKey({ status: 'revoked' }));
    expect((await signIn()).status).toBe(401);
    expect(world.sessions.size).toBe(0);
  });

  it('from a page of another server makes no session', async () => {
    for (const origin of ['https://evil.example', 'http://lift.example:7172', 'null'])
      expect([origin, (await signIn({ ...host, origin })).json.error.code]).toEqual([origin, 'foreign-page']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await face.askRaw({ method: 'POST', url: '/session', headers: form, payload: `keyId=${keyId}` })).status).toBe(415);
    expect(world.sessions.size).toBe(0);
  });

  it('never takes up a session that somebody else has chosen, and ends the one that was open before', async () => {
    const chosen = `clusterlift_session=${'a'.repeat(43)}`;
    const first = await cookieOf({ cookie: chosen });
    expect(first).not.toBe(chosen);
    const second = await cookieOf({ cookie: first });
    const seen = async (cookie: string) => (await face.askRaw({ url: '/session', headers: { cookie } })).status;
    expect([await seen(chosen), await seen(first), await seen(second)]).toEqual([401, 401, 200]);
  });
});

describe('a session', () => {
  it('changes something only from the console of this server', async () => {
    const cookie = await cookieOf();
    const own = { ...host, cookie, ...fromConsole };
    for (const [headers, status] of [
      [{ ...host, cookie }, 403],
      [{ ...host, cookie, origin: 'http://lift.example:7171' }, 403],
      [{ ...own, origin: 'https://evil.example' }, 403],
      [{ ...own, origin: 'http://lift.example' }, 403],
      [{ ...own, origin: 'null' }, 403],
      [own, 200],
      [{ ...own, origin: 'http://lift.example:7171' }, 200],
      [{ ...own, origin: 'https://LIFT.example:7171' }, 200],
    ] as const) {
      world.writes.splice(0, world.writes.length);
      const asked = await pause(headers);
      expect([headers, asked.status, world.writes]).toEqual([headers, status, status === 200 ? ['wish'] : []]);
      if (status === 403) expect(asked.json.error.code).toBe('foreign-page');
    }
  });

  it('changes nothing without that header by any operation', async () => {
    const cookie = await cookieOf();
    const before = world.picture();
    for (const [method, url] of [
      ['POST', '/clusters'],
      ['PATCH', `/clusters/${clusterId}`],
      ['DELETE', `/clusters/${clusterId}`],
      ['POST', '/upgrades'],
      ['POST', '/keys'],
      ['DELETE', `/keys/${keyId}`],
      ['DELETE', '/session'],
    ] as const)
      expect([method, url, (await face.askRaw({ method, url, headers: { cookie } })).status]).toEqual([method, url, 403]);
    expect([world.picture(), world.writes]).toEqual([before, []]);
  });

  it('is nobody’s when a key comes with the same request: what the key may do counts', async () => {
    const cookie = await cookieOf();
    const authorization = basicOf({ id: keyId, secret: 'wrong' });
    expect((await face.askRaw({ url: '/clusters', headers: { cookie, authorization } })).status).toBe(401);
    expect((await pause({ cookie, authorization: face.authorization })).status).toBe(200);
  });

  it('may do what its key may do', async () => {
    world.keys.splice(
      0,
      1,
      sampleKey({ policy: { Statement: { Effect: 'Allow', Action: 'clusterlift:List*', Resource: '*' } } }),
    );
    const cookie = await cookieOf();
    expect((await face.askRaw({ url: '/clusters', headers: { cookie } })).status).toBe(200);
    expect((await pause({ cookie, ...fromConsole })).json.error.code).toBe('denied');
  });

  it('is over after twelve hours, however much was done meanwhile', async () => {
    const cookie = await cookieOf();
    let now = noon;
    world.now = () => now;
    const seen = async (at: string) => {
      now = at;
      return (await face.askRaw({ url: '/session', headers: { cookie } })).status;
    };
    expect(await seen('2026-11-24T23:59:59.999Z')).toBe(200);
    expect(await seen('2026-11-25T00:00:00.000Z')).toBe(401);
  });

  it('is over when its key is revoked', async () => {
    const cookie = await cookieOf();
    world.keys.splice(0, 1, sampleKey({ status: 'revoked' }));
    expect((await face.askRaw({ url: '/clusters', headers: { cookie } })).status).toBe(401);
    expect((await pause({ cookie, ...fromConsole })).status).toBe(401);
  });

  it('is over when one signs out; the cookie is taken back', async () => {
    const [mine, another] = [await cookieOf(), await cookieOf()];
    const out = await face.askRaw({ method: 'DELETE', url: '/session', headers: { cookie: mine, ...fromConsole } });
    expect([out.status, out.json]).toEqual([200, { signedOut: true }]);
    expect(out.headers['set-cookie']).toBe('clusterlift_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
    const seen = async (cookie: string) => (await face.askRaw({ url: '/session', headers: { cookie } })).status;
    expect([await seen(mine), await seen(another)]).toEqual([401, 200]);
  });

  it.each([
    '',
    'clusterlift_session',
    'clusterlift_session=',
    'clusterlift_session=short',
    `clusterlift_session=${'é'.repeat(43)}`,
  ])('is not what the cookie %j says', async (cookie) =>
    expect((await face.askRaw({ url: '/clusters', headers: { cookie } })).status).toBe(401),
  );
});
