import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObservationExported } from '../../../control/index.ts';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { sampleExported } from '../testing-exported.ts';
import { sampleReport } from '../testing-rehearsal.ts';
import { clusterId } from '../testing-samples.ts';
import { exportedMaxBytes } from '../wire/index.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const to = { version: '6.3.2' };
const observation = sampleExported();

describe('an exported observation', () => {
  it('is answered as the document says, with its own names or without', async () => {
    const asked: unknown[] = [];
    const exporting = world.exportObservation;
    world.exportObservation = (...args) => {
      asked.push(args.slice(1));
      return exporting(...args);
    };
    const usual = await face.ask('GET', `/clusters/${clusterId}/observation/export`);
    const anonymous = await face.ask('GET', `/clusters/${clusterId}/observation/export?anonymous=true`);
    expect([usual.status, usual.json, anonymous.json.anonymous]).toEqual([200, observation, true]);
    expect(asked).toEqual([
      [clusterId, false],
      [clusterId, true],
    ]);
    expect(world.writes).toEqual([]);
  });

  it.each<[ObservationExported, number, string]>([
    [{ kind: 'not-found' }, 404, 'not-found'],
    [{ kind: 'not-ready', says: 'It is being made.' }, 409, 'not-ready'],
    [{ kind: 'unreachable', because: 'nobody' }, 422, 'unreachable'],
    [{ kind: 'not-offered', says: 'Not yet.' }, 422, 'refused'],
  ])('is refused as %j', async (ended, status, code) => {
    world.exportObservation = async () => ended;
    const asked = await face.ask('GET', `/clusters/${clusterId}/observation/export`);
    expect([asked.status, asked.json.error.code]).toEqual([status, code]);
  });
});

describe('a rehearsal of an exported observation', () => {
  it('is made of the very document, and names no cluster of this server', async () => {
    const asked: unknown[] = [];
    const rehearsing = world.rehearseOf;
    world.rehearseOf = (...args) => {
      asked.push(args.slice(1));
      return rehearsing(...args);
    };
    const { status, json } = await face.ask('POST', '/rehearsals', { observation, to, runs: 2 });
    expect([status, json.clusterId, json.assumed]).toEqual([200, null, sampleReport.assumed]);
    expect(asked).toEqual([[observation, { to: { ...to, build: null }, runs: 2, faults: true, seed: 1 }]]);
  });

  it('is told run by run to whoever accepts events', async () => {
    const { text } = await face.askRaw({
      ...{ method: 'POST', url: '/rehearsals', payload: JSON.stringify({ observation, to }) },
      headers: { authorization: face.authorization, accept: 'text/event-stream', 'content-type': 'application/json' },
    });
    expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event)).toEqual(['run', 'run', 'report']);
  });

  const broken = (change: object) => ({ ...observation, ...change });
  const seen = (change: object) => broken({ seen: { ...observation.seen, ...change } });
  it.each<[string, unknown, string]>([
    ['is of another format', broken({ format: 'heap-dump' }), 'observation.format'],
    ['is of a version that is not known', broken({ version: 2 }), 'observation.version'],
    ['is of another engine', broken({ engine: 'mongodb' }), 'observation'],
    ['has more than is known', broken({ more: 1 }), 'observation.more'],
    ['lacks a part', broken({ seen: undefined }), 'observation.seen'],
    ['has no node', seen({ nodes: [] }), 'observation.seen.nodes'],
    ['has a shard that no index has', seen({ shards: [{ ...copy(), shard: 70_000 }] }), 'observation.seen.shards[0].shard'],
    [
      'has a state of copies that is not known',
      seen({ shards: [{ ...copy(), state: 'LOST' }] }),
      'observation.seen.shards[0].state',
    ],
    ['is a text', 'observation', 'observation'],
    ['is a list', [], 'observation'],
  ])('that %s is refused before anything runs, and says where', async (_, wrong, key) => {
    let asked = 0;
    world.rehearseOf = async () => {
      asked += 1;
      return { kind: 'not-found' };
    };
    const { status, json } = await face.ask('POST', '/rehearsals', { observation: wrong, to });
    expect([status, json.error.code, json.error.details.key, asked]).toEqual([400, 'bad-input', key, 0]);
  });

  function copy() {
    return observation.engine === 'elasticsearch' ? observation.seen.shards[0] : undefined;
  }

  it('may be larger than other bodies, up to a limit that is told', async () => {
    const large = (bytes: number) => ({ observation: broken({ unknowns: ['x'.repeat(bytes)] }), to });
    const headers = { authorization: face.authorization, 'content-type': 'application/json' };
    const send = (body: unknown) => face.askRaw({ method: 'POST', url: '/rehearsals', headers, payload: JSON.stringify(body) });
    const many = { observation: broken({ unknowns: Array.from({ length: 200 }, () => 'x'.repeat(16_000)) }), to };
    expect((await send(many)).status).toBe(200);
    const asked = await send(large(exportedMaxBytes));
    expect([asked.status, asked.json.error.says]).toEqual([413, `At most ${exportedMaxBytes} bytes are read.`]);
  });

  it('is not made with the size that only it may have elsewhere', async () => {
    const { status } = await face.ask('POST', `/clusters/${clusterId}/plans`, { to, more: 'x'.repeat(2 * 1_024 * 1_024) });
    expect(status).toBe(413);
  });
});
