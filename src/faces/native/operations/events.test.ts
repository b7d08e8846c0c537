import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { sampleEvent, samplePlan, sampleUpgrade, uuidOf } from '../testing-samples.ts';
import { eventually, openStream, type Stream } from '../testing-stream.ts';

const id = uuidOf(100);
let world: World;
let face: Face;
let url: string;
beforeEach(async () => {
  world = createWorld();
  world.plans.set(uuidOf(1), samplePlan());
  world.upgrades.push(sampleUpgrade());
  face = await openFace(world);
  url = await face.listen();
});
afterEach(() => face.fastify.close());

function follow(headers: Readonly<Record<string, string>> = {}, query = ''): Promise<Stream> {
  const { authorization } = face;
  return openStream(`${url}/upgrades/${id}/events${query}`, { authorization, accept: 'text/event-stream', ...headers });
}

async function next(stream: Stream) {
  const frame = await stream.next();
  return frame === null ? null : { id: frame.id, event: frame.event, data: JSON.parse(frame.data ?? 'null') };
}

describe('events as JSON', () => {
  it('are in order, from where one asks for, as many as one asks for', async () => {
    world.events.push(
      ...[1, 2, 3].map((seq) => sampleEvent(seq)),
      sampleEvent(4, { kind: 'waiting', reason: sampleUpgrade().reason }),
    );
    expect((await face.ask('GET', `/upgrades/${id}/events`)).json).toEqual({ events: world.events });
    const some = await face.ask('GET', `/upgrades/${id}/events?after=1&limit=2`);
    expect(some.json.events.map((event: { seq: number }) => event.seq)).toEqual([2, 3]);
    expect((await face.ask('GET', `/upgrades/${id}/events?after=4`)).json).toEqual({ events: [] });
  });
});

describe('events as they happen', () => {
  it('begin with what was, go on with what comes, and end with the upgrade', async () => {
    world.events.push(sampleEvent(1, { kind: 'started', actor: 'LTAItests' }));
    const stream = await follow();
    expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await stream.next();
    expect(await next(stream)).toEqual({ id: '1', event: 'started', data: world.events[0] });
    world.change(id, {}, sampleEvent(2, { kind: 'acting', move: 'lift-member', members: ['n2'] }));
    expect(await next(stream)).toEqual({ id: '2', event: 'acting', data: world.events[1] });
    world.change(
      id,
      { status: 'done', intent: 'go', endedAt: '2026-11-24T12:30:00.000Z' },
      sampleEvent(3),
      sampleEvent(4, { kind: 'done' }),
    );
    const rest = await stream.rest();
    expect(rest.map((frame) => [frame.id, frame.event])).toEqual([
      ['3', 'remark'],
      ['4', 'done'],
      [null, 'end'],
    ]);
    expect(JSON.parse(rest[2]?.data ?? '')).toEqual((await face.ask('GET', `/upgrades/${id}`)).json);
    expect(world.listeners.size).toBe(0);
  });

  it('go on behind the event that a client has seen last', async () => {
    world.events.push(...[1, 2, 3].map((seq) => sampleEvent(seq)));
    world.change(id, { status: 'cancelled' });
    const idsOf = async (stream: Promise<Stream>) => (await (await stream).rest()).flatMap((frame) => frame.id ?? []);
    expect(await idsOf(follow({ 'last-event-id': '1' }))).toEqual(['2', '3']);
    expect(await idsOf(follow({ 'last-event-id': '2' }, '?after=1'))).toEqual(['3']);
    expect(await idsOf(follow({}, '?after=2'))).toEqual(['3']);
    expect(await idsOf(follow({ 'last-event-id': 'of another server' }))).toEqual(['1', '2', '3']);
    expect(await idsOf(follow({ accept: 'application/json' }, '?follow=true'))).toEqual(['1', '2', '3']);
  });

  it('are all there where there are many more than are read in one go', async () => {
    world.events.push(...Array.from({ length: 1_001 }, (_, index) => sampleEvent(index + 1)));
    world.change(id, { status: 'done' });
    const frames = await (await follow()).rest();
    const seqs = frames.flatMap((frame) => (frame.id === null ? [] : Number(frame.id)));
    expect(seqs).toEqual(Array.from({ length: 1_001 }, (_, index) => index + 1));
    expect(frames.at(-1)?.event).toBe('end');
  });

  it.each(['paused', 'stopped', 'gated'] as const)('go on while the upgrade is %s, because it is not the end', async (status) => {
    const stream = await follow();
    await stream.next();
    world.change(id, { status }, sampleEvent(1, { kind: status }));
    expect(await next(stream)).toMatchObject({ id: '1', event: status });
    world.change(id, { status: 'running' }, sampleEvent(2, { kind: 'resumed' }));
    expect(await next(stream)).toMatchObject({ id: '2', event: 'resumed' });
    world.change(id, { status: 'done' });
    expect((await stream.rest()).map((frame) => frame.event)).toEqual(['end']);
  });

  it('are not woken by another upgrade', async () => {
    const stream = await follow();
    await stream.next();
    await eventually(() => world.waits.length === 1);
    const [wait] = world.waits;
    for (const listener of world.listeners) listener(uuidOf(999));
    expect(world.waits).toEqual([wait]);
    stream.leave();
  });

  it('have a sign of life in silence, which also finds a change that nobody told of', async () => {
    const stream = await follow();
    await stream.next();
    await eventually(() => world.waits.length === 1);
    expect(world.waits[0]?.milliseconds).toBe(15_000);
    world.events.push(sampleEvent(1));
    world.waits[0]?.pass();
    expect((await stream.next())?.comment).toBe('still here');
    expect(await next(stream)).toMatchObject({ id: '1' });
    stream.leave();
  });

  it('leave nothing behind when the client goes away', async () => {
    const streams = await Promise.all([follow(), follow(), follow()]);
    for (const stream of streams) await stream.next();
    await eventually(() => world.waits.length === 3 && world.listeners.size === 3);
    for (const stream of streams) stream.leave();
    await eventually(() => world.waits.length === 0 && world.listeners.size === 0);
    expect(world.logged).toEqual([]);
  });

  it('end when the server closes', async () => {
    const stream = await follow();
    await stream.next();
    await eventually(() => world.listeners.size === 1);
    const rest = stream.rest();
    await face.fastify.close();
    expect(await rest).toEqual([]);
    expect([world.listeners.size, world.waits.length]).toEqual([0, 0]);
  });

  it('end when the key was revoked meanwhile, or the cluster forgotten', async () => {
    const revoked = await follow();
    await revoked.next();
    await eventually(() => world.waits.length === 1);
    const [key] = world.keys;
    if (key !== undefined) world.keys[0] = { ...key, status: 'revoked' };
    world.waits[0]?.pass();
    expect(await revoked.rest()).toEqual([]);
    if (key !== undefined) world.keys[0] = key;
    const forgotten = await follow();
    await forgotten.next();
    world.clusters.clear();
    for (const listener of world.listeners) listener(id);
    expect(await forgotten.rest()).toEqual([]);
    expect(world.listeners.size).toBe(0);
  });

  it('break off when the database goes away, and the server says so in its log', async () => {
    const stream = await follow();
    await stream.next();
    await eventually(() => world.waits.length === 1);
    world.control.listEvents = async () => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    };
    world.change(id, {});
    expect(await stream.rest()).toEqual([]);
    expect(world.logged).toEqual(['A stream of events was broken off.']);
    expect(world.listeners.size).toBe(0);
  });
});
