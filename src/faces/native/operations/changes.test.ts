import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { clusterId, sampleKey, samplePlan, sampleUpgrade, strangersClusterId, uuidOf } from '../testing-samples.ts';
import { eventually, openStream, type Stream } from '../testing-stream.ts';

const id = uuidOf(100);
let world: World;
let face: Face;
let url: string;
beforeEach(async () => {
  world = createWorld();
  world.plans.set(uuidOf(1), samplePlan());
  world.upgrades.push(sampleUpgrade(), sampleUpgrade({ id: uuidOf(200), clusterId: strangersClusterId }));
  face = await openFace(world);
  url = await face.listen();
});
afterEach(() => face.fastify.close());

async function watch(headers: Readonly<Record<string, string>> = { authorization: face.authorization }): Promise<Stream> {
  const stream = await openStream(`${url}/changes`, { accept: 'text/event-stream', ...headers });
  await stream.next();
  await eventually(() => world.waits.some(({ milliseconds }) => milliseconds === 15_000));
  return stream;
}

function changeCluster(changed: string): void {
  for (const listener of world.clusterListeners) listener(changed);
}

/** Lets the time pass in which changes are gathered. */
async function gathered(): Promise<void> {
  await eventually(() => world.waits.some(({ milliseconds }) => milliseconds === 250));
  for (const { milliseconds, pass } of [...world.waits]) if (milliseconds === 250) pass();
}

async function next(stream: Stream): Promise<unknown> {
  const frame = await stream.next();
  return frame === null ? null : [frame.event, JSON.parse(frame.data ?? 'null')];
}

describe('the stream of changes', () => {
  it('tells of an upgrade, and of its cluster, that they have changed', async () => {
    const stream = await watch();
    expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    world.change(id, { status: 'paused' });
    await gathered();
    expect(await next(stream)).toEqual(['change', { kind: 'upgrade', id }]);
    expect(await next(stream)).toEqual(['change', { kind: 'cluster', id: clusterId }]);
    changeCluster(clusterId);
    await gathered();
    expect(await next(stream)).toEqual(['change', { kind: 'cluster', id: clusterId }]);
    stream.leave();
  });

  it('tells of many changes of the same thing once', async () => {
    const stream = await watch();
    for (let time = 0; time < 50; time += 1) world.change(id, {});
    changeCluster(clusterId);
    await gathered();
    changeCluster('es-cn-another');
    world.clusters.set('es-cn-another', { ...[...world.clusters.values()][0], id: 'es-cn-another' } as never);
    changeCluster('es-cn-another');
    await gathered();
    const told = [await next(stream), await next(stream), await next(stream)];
    expect(told).toEqual([
      ['change', { kind: 'upgrade', id }],
      ['change', { kind: 'cluster', id: clusterId }],
      ['change', { kind: 'cluster', id: 'es-cn-another' }],
    ]);
    stream.leave();
  });

  it('tells nothing of another account', async () => {
    const stream = await watch();
    world.change(uuidOf(200), {});
    changeCluster(strangersClusterId);
    await gathered();
    changeCluster(clusterId);
    await gathered();
    expect(await next(stream)).toEqual(['change', { kind: 'cluster', id: clusterId }]);
    stream.leave();
  });

  it('ends where notices may have been lost, so that its reader looks at everything', async () => {
    const stream = await watch();
    changeCluster('missed');
    await gathered();
    expect(await stream.rest()).toEqual([]);
    const flooded = await watch();
    for (let number = 0; number <= 2_000; number += 1) for (const listener of world.listeners) listener(`upgrade ${number}`);
    await gathered();
    expect(await flooded.rest()).toEqual([]);
    expect([world.listeners.size, world.clusterListeners.size]).toEqual([0, 0]);
  });

  it('shows in silence that it is there, and ends when its key is revoked', async () => {
    const stream = await watch();
    world.waits[0]?.pass();
    expect((await stream.next())?.comment).toBe('still here');
    await eventually(() => world.waits.length === 1);
    world.keys.splice(0, 1, sampleKey({ status: 'revoked' }));
    world.waits[0]?.pass();
    expect(await stream.rest()).toEqual([]);
  });

  it('is read with a session, and ends with it', async () => {
    const { id: keyId, secret } = sampleKey();
    const payload = JSON.stringify({ keyId, secret });
    const signedIn = await face.askRaw({
      method: 'POST',
      url: '/session',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    const stream = await watch({ cookie });
    changeCluster(clusterId);
    await gathered();
    expect(await next(stream)).toEqual(['change', { kind: 'cluster', id: clusterId }]);
    await eventually(() => world.waits.length === 1);
    world.sessions.clear();
    world.waits[0]?.pass();
    expect(await stream.rest()).toEqual([]);
  });

  it('leaves nothing behind when its reader goes away or the server closes', async () => {
    const streams = [await watch(), await watch()];
    expect([world.listeners.size, world.clusterListeners.size]).toEqual([2, 2]);
    streams[0]?.leave();
    await eventually(() => world.listeners.size === 1 && world.clusterListeners.size === 1);
    const rest = streams[1]?.rest();
    await face.fastify.close();
    expect(await rest).toEqual([]);
    expect([world.listeners.size, world.clusterListeners.size, world.waits.length, world.logged]).toEqual([0, 0, 0, []]);
  });

  it('has no other form', async () => {
    const { status, json } = await face.ask('GET', '/changes');
    expect([status, json.error.code]).toEqual([400, 'bad-input']);
  });
});
