import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basicOf, createWorld, type Face, openFace, type World } from '../testing.ts';
import { noon, sampleKey } from '../testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

describe('keys', () => {
  it('makes one whose secret opens the API, and shows that secret once', async () => {
    const { status, json } = await face.ask('POST', '/keys', { description: 'for the pipeline' });
    expect([status, json.key.description, json.key.status]).toEqual([201, 'for the pipeline', 'active']);
    const listed = await face.askRaw({ url: '/keys', headers: { authorization: basicOf(json.key) } });
    expect(listed.json.keys.map((key: { id: string }) => key.id)).toEqual(['LTAItests', json.key.id]);
    expect(listed.text).not.toContain(json.key.secret);
  });

  it.each([[undefined], [{}]])('needs no description: %j', async (body) => {
    expect((await face.ask('POST', '/keys', body)).json.key.description).toBe('');
  });

  it('lists keys of the account without their secrets', async () => {
    world.keys.push(sampleKey({ id: 'LTAIother', account: 'another' }));
    const { json } = await face.ask('GET', '/keys');
    expect(json).toEqual({
      keys: [
        {
          id: 'LTAItests',
          account: '100000000000',
          description: 'of the tests',
          status: 'active',
          policy: null,
          createdAt: noon,
        },
      ],
    });
  });

  it('makes one with a policy, and shows it', async () => {
    const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: ['eks:*'], Resource: 'cluster/prod-*' } };
    const { json } = await face.ask('POST', '/keys', { policy });
    expect(json.key.policy).toEqual(policy);
    expect((await face.ask('GET', '/keys')).json.keys.map((key: { policy: unknown }) => key.policy)).toEqual([null, policy]);
    const narrow = await face.askRaw({ url: '/keys', headers: { authorization: basicOf(json.key) } });
    expect([narrow.status, narrow.json.error.code]).toEqual([403, 'denied']);
  });

  it('revokes one, which opens nothing any more', async () => {
    world.keys.push(sampleKey({ id: 'LTAIsecond' }));
    expect((await face.ask('DELETE', '/keys/LTAIsecond')).json).toEqual({ revoked: true });
    const { status } = await face.askRaw({ url: '/keys', headers: { authorization: basicOf(sampleKey({ id: 'LTAIsecond' })) } });
    expect(status).toBe(401);
  });

  it('keeps the last active one, and does not know strangers’', async () => {
    world.keys.push(sampleKey({ id: 'LTAIother', account: 'another', status: 'revoked' }));
    const last = await face.ask('DELETE', '/keys/LTAItests');
    expect([last.status, last.json.error.code]).toEqual([409, 'last-active-key']);
    expect((await face.ask('DELETE', '/keys/LTAIother')).status).toBe(404);
    expect(world.keys[0]?.status).toBe('active');
  });
});
