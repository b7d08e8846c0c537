import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operations } from './routes.ts';
import { basicOf, createWorld, type Face, openFace, type World } from './testing.ts';
import { clusterId, sampleKey, uuidOf } from './testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const places: Readonly<Record<string, string>> = { clusterId, planId: uuidOf(1), upgradeId: uuidOf(100), keyId: 'LTAItests' };
const paths = [
  ...operations
    .filter(({ admits }) => admits !== 'anybody')
    .map(({ method, path }) => [method, path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? name)]),
  ['GET', '/openapi.json'],
  ['GET', '/nowhere'],
  ['PUT', '/clusters'],
] as const;

describe('authentication', () => {
  it.each([
    ['no key', undefined],
    ['another scheme', 'Bearer abc'],
    ['a wrong secret', basicOf({ id: 'LTAItests', secret: 'wrong' })],
    ['an unknown key', basicOf({ id: 'LTAInobody', secret: sampleKey().secret })],
    ['nonsense', 'Basic !!!'],
  ])('with %s, no path answers anything else than 401, and nothing is done', async (_, authorization) => {
    const before = world.picture();
    for (const [method, url] of paths) {
      const headers = { ...(authorization === undefined ? {} : { authorization }), 'content-type': 'application/json' };
      const asked = await face.askRaw({ method: method as 'GET', url, headers, ...(method === 'GET' ? {} : { payload: '{}' }) });
      expect([method, url, asked.status, asked.json.error.code]).toEqual([method, url, 401, 'unauthenticated']);
      expect(asked.headers['www-authenticate']).toBe('Basic realm="Clusterlift", charset="UTF-8"');
    }
    expect(world.writes).toEqual([]);
    expect(world.picture()).toBe(before);
  });

  it('hands on who calls: nobody sees or changes what belongs to another account', async () => {
    world.keys.push(sampleKey({ id: 'LTAIother', secret: 'other', account: 'another' }));
    const headers = { authorization: basicOf({ id: 'LTAIother', secret: 'other' }) };
    const { json } = await face.askRaw({ url: '/clusters', headers });
    expect(json.clusters.map((cluster: { name: string }) => cluster.name)).toEqual(['not ours']);
    const removed = await face.askRaw({ method: 'DELETE', url: `/clusters/${clusterId}`, headers });
    expect([removed.status, world.clusters.has(clusterId)]).toEqual([404, true]);
  });
});
