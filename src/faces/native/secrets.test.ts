import { expect, it } from 'vitest';
import { operations } from './routes.ts';
import { createWorld, openFace } from './testing.ts';
import { sampleExported } from './testing-exported.ts';
import {
  clusterId,
  hazard,
  marker,
  sampleEvent,
  sampleKey,
  samplePlan,
  sampleUpgrade,
  strangersClusterId,
  uuidOf,
} from './testing-samples.ts';

const places: Readonly<Record<string, string>> = { clusterId, planId: uuidOf(1), upgradeId: uuidOf(100), keyId: 'LTAItests' };

/** What to send, by operation; each good way and some bad ones that hold a secret. */
const bodies: Readonly<Record<string, readonly unknown[]>> = {
  openSession: [
    { keyId: 'LTAItests', secret: sampleKey().secret },
    { keyId: 'LTAItests', secret: `no ${marker}` },
    { keyId: marker, secret: { marker } },
  ],
  addCluster: [
    ...[marker, 7, { marker }].map((password) => ({
      name: 'shop',
      engine: 'elasticsearch',
      clusterName: 'shop',
      nodes: [{ name: 'a', url: 'http://127.0.0.1:1', transportPort: 1 }],
      username: 'elastic',
      password,
      settings: { 'a.secret': marker },
    })),
    { name: 'shop', engine: 'elasticsearch', clusterName: 'x', nodes: [{ name: 'a', url: `http://a:${marker}@b:1` }] },
    { password: marker },
    `{"password":"${marker}"`,
  ],
  changeCluster: [{ description: 'x' }, { tags: marker }, { description: { marker } }],
  makePlan: [{ to: { version: '6.3.2' } }, { to: { version: '9.9.9' } }],
  startUpgrade: [
    { planId: uuidOf(1) },
    { clusterId, to: { version: '6.3.2' }, clientToken: 'x' },
    { clusterId: strangersClusterId, to: {} },
  ],
  rehearseUpgrade: [{ to: { version: '6.3.2' } }, { to: { version: marker } }],
  rehearseObservation: [
    { observation: sampleExported(), to: { version: '6.3.2' } },
    { observation: { ...sampleExported(), seen: { marker } }, to: { version: '6.3.2' } },
    { observation: sampleExported(), to: { version: marker } },
  ],
  createSnapshot: [{}, { repository: 'nightly' }],
};

it('no answer to anything holds a secret of a cluster, a setting, an address or a key', async () => {
  const world = createWorld();
  world.engineAnswer = async (call) =>
    call.do === 'create-snapshot'
      ? { kind: 'done', value: { repository: 'r', snapshot: 's', state: 'SUCCESS', settings: marker } }
      : { kind: 'done', value: [{ name: 'r', type: 's3', settings: { secret_key: marker } }] };
  const face = await openFace(world);
  const texts: string[] = [];
  const statuses = new Map<string, number[]>();
  const fill = () => {
    world.plans.set(uuidOf(1), samplePlan());
    world.findings = [hazard];
    world.upgrades.splice(0, world.upgrades.length, sampleUpgrade({ status: 'stopped' }));
    world.events.splice(0, world.events.length, sampleEvent(1), sampleEvent(2, { reason: sampleUpgrade().reason }));
  };
  for (const { id, method, path } of [...operations].sort(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  )) {
    for (const body of bodies[id] ?? [undefined]) {
      fill();
      if (id === 'makePlan' || id === 'startUpgrade') world.upgrades.splice(0, world.upgrades.length);
      const { status, text, headers } = await face.askRaw({
        method,
        url: path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? name),
        headers: { authorization: face.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      texts.push(`${id} ${status} ${text} ${JSON.stringify(headers)}`);
      statuses.set(id, [...(statuses.get(id) ?? []), status]);
    }
  }
  world.upgrades.splice(0, world.upgrades.length, sampleUpgrade({ status: 'done' }));
  await face.fastify.close();
  expect(texts.filter((text) => text.includes(marker))).toEqual([]);
  // Each operation was really reached: most of them ended well.
  expect(statuses.size).toBe(operations.length);
  const well = [...statuses].filter(([, those]) => those.some((status) => status < 300)).map(([id]) => id);
  const held = ['startUpgrade', 'restoreCluster', 'pauseUpgrade', 'continueUpgrade', 'planWayBack', 'watchChanges'];
  expect([...well, ...held].sort()).toEqual(operations.map((operation) => operation.id).sort());
});
