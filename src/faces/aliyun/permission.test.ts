import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyStatement } from '../../domain/index.ts';
import { routes } from './routes.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, sampleCaller, serveFace } from './testing.ts';
import { sampleAccount, sampleCluster, sampleId } from './testing-samples.ts';

let world: FakeWorld;
let face: ServedFace;
let statements: readonly PolicyStatement[];
beforeEach(async () => {
  world = createFakeWorld(sampleCluster(), sampleCluster({ id: 'es-cn-b', name: 'b' }));
  statements = [];
  face = await serveFace(world, {
    authenticate: async () => ({ kind: 'caller', caller: { ...sampleCaller, policy: { Statement: statements } } }),
  });
});
afterEach(() => face.close());

async function send(method: string, path: string, body?: unknown) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`http://${face.endpoint}/openapi${path}`, { method, ...sent });
  const json = (await answer.json()) as { readonly Code?: string; readonly Message?: string };
  return { status: answer.status, json };
}

function allow(Action: string, Resource: string): PolicyStatement {
  return { Effect: 'Allow', Action, Resource };
}

const whole = (id: string) => `acs:elasticsearch:cn-hangzhou:${sampleAccount}:instances/${id}`;
const all = routes.map((route) => {
  const named = route.path.includes('{InstanceId}');
  return { route, path: route.path.replace('{InstanceId}', sampleId), id: named ? sampleId : '*' };
});

describe('a key with a policy', () => {
  it.each(all)('may do $route.name where it is allowed there, and not without', async ({ route, path, id }) => {
    const action = `elasticsearch:${route.name}`;
    const tags = route.name === 'TagResources' || route.name === 'UntagResources';
    const asked = route.name === 'UntagResources' ? `${path}?ResourceIds=${sampleId}&All=true` : path;
    const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : { ResourceIds: [sampleId] };
    const resource = whole(tags ? sampleId : id);
    statements = [allow('*', '*'), { Effect: 'Deny', Action: action, Resource: resource }];
    const before = JSON.stringify([[...world.clusters], world.upgrades, world.starts, world.removals, world.engineCalls]);
    const denied = await send(route.method, asked, body);
    expect([denied.status, denied.json.Code]).toEqual([403, 'Forbidden.RAM']);
    expect(denied.json.Message).toBe(
      `User not authorized to operate on the specified resource. The policy of the key does not allow ${action} on ${resource}.`,
    );
    expect(JSON.stringify([[...world.clusters], world.upgrades, world.starts, world.removals, world.engineCalls])).toBe(before);
    statements = [allow(action, resource)];
    expect((await send(route.method, asked, body)).json.Code).not.toBe('Forbidden.RAM');
  });

  it('names an instance in full or by its end', async () => {
    statements = [allow('elasticsearch:Describe*', `instances/${sampleId}`)];
    expect((await send('GET', `/instances/${sampleId}`)).status).toBe(200);
    expect((await send('GET', '/instances/es-cn-b')).status).toBe(403);
    expect((await send('GET', '/instances')).status).toBe(403);
    statements = [allow('elasticsearch:ListInstance', 'instances/*')];
    expect((await send('GET', '/instances')).status).toBe(200);
  });

  it('tags several instances only where it may tag each', async () => {
    statements = [allow('elasticsearch:*', `instances/${sampleId}`)];
    const tag = (ResourceIds: unknown) => send('POST', '/tags', { ResourceIds, Tags: [{ key: 'a', value: 'b' }] });
    expect((await tag([sampleId, 'es-cn-b'])).status).toBe(403);
    expect(world.clusters.get(sampleId)?.tags).toEqual({});
    expect((await tag([sampleId])).status).toBe(200);
    expect((await send('DELETE', `/tags?ResourceIds=["${sampleId}","es-cn-b"]&All=true`)).status).toBe(403);
    expect((await send('GET', `/tags?ResourceIds=["${sampleId}"]`)).status).toBe(200);
    expect((await send('GET', '/tags')).status).toBe(403);
    expect((await tag('nonsense')).json.Code).toBe('InvalidParameter');
  });
});
