import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument, PolicyStatement } from '../../domain/index.ts';
import { actionOf } from './permission.ts';
import { operations } from './routes.ts';
import { basicOf, createWorld, type Face, openFace, type World } from './testing.ts';
import { sampleExported } from './testing-exported.ts';
import { clusterId, sampleKey, samplePlan, sampleUpgrade, uuidOf } from './testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  world.plans.set(uuidOf(1), samplePlan());
  world.upgrades.push(sampleUpgrade({ status: 'stopped' }));
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

/** A key with this policy calls from now on. */
function under(...statements: readonly PolicyStatement[]): PolicyDocument {
  const policy = { Statement: statements };
  world.keys.splice(0, world.keys.length, sampleKey({ policy }));
  return policy;
}

const places: Readonly<Record<string, string>> = { clusterId, planId: uuidOf(1), upgradeId: uuidOf(100), keyId: 'LTAItests' };
const node = { name: 'a', url: 'http://127.0.0.1:9201', transportPort: 9301 };
const bodies: Readonly<Record<string, unknown>> = {
  addCluster: { name: 'shop', engine: 'elasticsearch', clusterName: 'shop', nodes: [node] },
  changeCluster: { description: 'x' },
  makePlan: { to: { version: '6.3.2' } },
  rehearseUpgrade: { to: { version: '6.3.2' } },
  rehearseObservation: { observation: sampleExported(), to: { version: '6.3.2' } },
  startUpgrade: { planId: uuidOf(1) },
};

/** Each operation with what it is done to: the cluster is called logs. */
const all = operations
  .filter(({ admits }) => admits === 'by-policy')
  .map((operation) => {
    const resource = /:keyId/.test(operation.path)
      ? 'key/LTAItests'
      : operation.id === 'addCluster'
        ? 'cluster/shop'
        : /:(cluster|plan|upgrade)Id/.test(operation.path) || operation.id === 'startUpgrade'
          ? 'cluster/logs'
          : '*';
    return { operation, resource };
  });

async function call({ id, method, path }: (typeof operations)[number]) {
  const url = path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? name);
  const body = method === 'GET' ? undefined : bodies[id];
  return face.ask(method, url, body);
}

describe('a key with a policy', () => {
  it.each(all)('may do $operation.id where it is allowed there, and not without', async ({ operation, resource }) => {
    const action = actionOf(operation);
    under({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: action, Resource: resource });
    const before = world.picture();
    const denied = await call(operation);
    expect([denied.status, denied.json.error.code, denied.json.error.details]).toEqual([403, 'denied', { action, resource }]);
    expect([world.picture(), world.writes]).toEqual([before, []]);
    under({ Effect: 'Allow', Action: action, Resource: resource });
    expect((await call(operation)).status).not.toBe(403);
  });

  it('is held to the names of clusters, not to their ids', async () => {
    under({ Effect: 'Allow', Action: 'clusterlift:*', Resource: 'cluster/lo*' });
    expect((await face.ask('GET', `/clusters/${clusterId}`)).status).toBe(200);
    expect((await face.ask('GET', '/clusters')).status).toBe(403);
    under({ Effect: 'Allow', Action: 'clusterlift:*', Resource: `cluster/${clusterId}` });
    expect((await face.ask('GET', `/clusters/${clusterId}`)).status).toBe(403);
  });

  it('starts no upgrade of one cluster by what it says of another', async () => {
    under({ Effect: 'Allow', Action: '*', Resource: 'cluster/mine' });
    for (const body of [{ planId: uuidOf(1) }, { clusterId, to: { version: '6.3.2' } }])
      expect((await face.ask('POST', '/upgrades', body)).status).toBe(403);
  });

  it('sees the upgrades of one cluster where it may see that cluster’s', async () => {
    under({ Effect: 'Allow', Action: 'clusterlift:ListUpgrades', Resource: 'cluster/logs' });
    expect((await face.ask('GET', `/upgrades?clusterId=${clusterId}`)).status).toBe(200);
    expect((await face.ask('GET', '/upgrades')).status).toBe(403);
  });

  it('learns that something does not exist only where it could have been', async () => {
    under({ Effect: 'Allow', Action: '*', Resource: 'cluster/lo*' });
    expect((await face.ask('GET', '/clusters/logs-of-nobody')).status).toBe(404);
    expect((await face.ask('GET', '/clusters/nobody')).status).toBe(403);
    expect((await face.ask('GET', `/upgrades/${uuidOf(9)}`)).status).toBe(403);
  });

  it('does not become the administrator of a cluster by looking at it', async () => {
    under({ Effect: 'Allow', Action: ['clusterlift:Get*', 'clusterlift:List*'], Resource: '*' });
    expect((await face.ask('GET', `/clusters/${clusterId}`)).status).toBe(200);
    expect((await face.ask('GET', `/clusters/${clusterId}/kubeconfig`)).json.error.details).toEqual({
      action: 'clusterlift:TakeKubeconfig',
      resource: 'cluster/logs',
    });
  });

  it('signs in, learns who it is and signs out, whatever it may do', async () => {
    const policy = under({ Effect: 'Deny', Action: '*', Resource: '*' });
    const { id: keyId, secret } = sampleKey();
    expect((await face.ask('POST', '/session', { keyId, secret })).json).toMatchObject({ keyId, policy });
    expect((await face.ask('GET', '/session')).json).toMatchObject({ keyId, policy, expiresAt: null });
    expect((await face.ask('DELETE', '/session')).json).toEqual({ signedOut: false });
  });

  it('reads the document of the API: it tells nothing of anybody', async () => {
    under();
    expect((await face.askRaw({ url: '/openapi.json', headers: { authorization: basicOf(sampleKey()) } })).status).toBe(200);
  });
});
