import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorTable } from './errors.ts';
import { createWorld, type Face, openFace, type World } from './testing.ts';
import { mistakesUnder } from './testing-document.ts';
import { sampleExported } from './testing-exported.ts';
import { clusterId, sampleUpgrade, uuidOf } from './testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const to = { version: '6.3.2' };
const node = { name: 'a', url: 'http://127.0.0.1:9201', transportPort: 9301 };
const cluster = { name: 'shop', engine: 'elasticsearch', clusterName: 'shop', nodes: [node] };

it('an empty body is none, whatever its content type says', async () => {
  world.upgrades.push(sampleUpgrade());
  const asked = await face.askRaw({
    method: 'POST',
    url: `/upgrades/${uuidOf(100)}/pause`,
    payload: '',
    headers: { authorization: face.authorization, 'content-type': 'application/json' },
  });
  expect([asked.status, world.writes]).toEqual([200, ['wish']]);
});

it.each([33, 20_000])('a body that is nested %i deep is refused, also where its schema takes anything', async (depth) => {
  const settings = `${`{"a":`.repeat(depth - 1)}1${'}'.repeat(depth - 1)}`;
  const asked = await face.askRaw({
    method: 'POST',
    url: '/clusters',
    payload: `${JSON.stringify(cluster).slice(0, -1)},"settings":${settings}}`,
    headers: { authorization: face.authorization, 'content-type': 'application/json' },
  });
  expect([asked.status, asked.json.error.code, world.writes]).toEqual([400, 'unreadable-body', []]);
});

describe('what is not the caller’s fault', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '08006', '53300'])(
    'a database that is away (%s) is 503',
    async (code) => {
      world.control.clusterViews = async () => {
        throw Object.assign(new Error('away'), { code });
      };
      const { status, json, headers } = await face.ask('GET', '/clusters');
      expect([status, json.error.code, headers['retry-after']]).toEqual([503, 'unavailable', '1']);
    },
  );

  it('a mistake of ours is 500, tells nothing of itself, and is logged', async () => {
    world.control.clusterViews = async () => {
      throw new Error('select secret from keys');
    };
    const { status, json, text } = await face.ask('GET', '/clusters');
    expect([status, json.error.code, text.includes('select')]).toEqual([500, 'internal', false]);
    expect(world.logged).toEqual(['A request to the native API failed.']);
  });
});

describe('whatever JSON is sent', () => {
  const seeds: readonly (readonly [string, string, object])[] = [
    ['POST', '/clusters', { ...cluster, tags: { a: 'b' }, settings: { a: 1 }, release: to, hooks: { preStop: ['a'] } }],
    ['PATCH', `/clusters/${clusterId}`, { description: 'x', tags: { a: 'b' } }],
    ['POST', `/clusters/${clusterId}/plans`, { to: { version: '6.3.2', build: null } }],
    ['POST', `/clusters/${clusterId}/rehearsals`, { to: { version: '6.3.2' }, runs: 3, seed: 1 }],
    ['POST', '/rehearsals', { observation: sampleExported(), to: { version: '6.3.2' } }],
    ['POST', '/upgrades', { clusterId, to, acknowledge: ['es.a'], clientToken: 'x' }],
    ['POST', `/clusters/${clusterId}/snapshots`, { repository: 'r' }],
    ['POST', '/keys', { description: 'x' }],
  ];
  const unstorable = /\\u0000|\\ud[89a-f]/i;

  it.each(seeds)('%s %s never fails of itself, and keeps nothing that cannot be kept', async (method, path, seed) => {
    const known = Object.values(errorTable).map((error) => error.status);
    const document = await face.document();
    const value = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 });
    const changed = fc.tuple(fc.constantFrom(...Object.keys(seed)), value).map(([name, other]) => ({ ...seed, [name]: other }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(value, changed), async (body) => {
        const asked = await face.ask(method, path, body);
        expect(asked.status).toBeLessThan(500);
        if (asked.status >= 400) expect(known).toContain(asked.status);
        if (asked.status >= 400) expect(mistakesUnder(document, ['components', 'schemas', 'Error'], asked.json)).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(unstorable.test(world.picture())).toBe(false);
  });
});
