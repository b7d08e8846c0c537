import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RehearsalPrepared } from '../../../control/index.ts';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { sampleRehearsal, sampleReport } from '../testing-rehearsal.ts';
import { clusterId } from '../testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const path = `/clusters/${clusterId}/rehearsals`;
const to = { version: '6.3.2' };

const stream = (body: unknown) =>
  face.askRaw({
    ...{ method: 'POST', url: path, payload: JSON.stringify(body) },
    headers: { authorization: face.authorization, accept: 'text/event-stream', 'content-type': 'application/json' },
  });

describe('a rehearsal', () => {
  it('is asked for with what is usual where nothing is said, and answered as the document says', async () => {
    const asked: unknown[] = [];
    world.rehearse = async (...args) => {
      asked.push(args.slice(1));
      return sampleRehearsal();
    };
    const usual = await face.ask('POST', path, { to });
    const { json, status } = await face.ask('POST', path, { to, runs: 3, faults: false, seed: 7 });
    expect(asked).toEqual([
      [clusterId, { to: { ...to, build: null }, runs: 10, faults: true, seed: 1 }],
      [clusterId, { to: { ...to, build: null }, runs: 3, faults: false, seed: 7 }],
    ]);
    expect([usual.status, status]).toEqual([200, 200]);
    expect(json).toMatchObject({ clusterId, made: 4, wanted: 5, thinnest: { started: 1, of: 2, away: ['n2'] } });
    expect(json.faults.map((one: { fault: string; member: string; lost: string }) => [one.fault, one.member, one.lost])).toEqual([
      ['member-does-not-return', 'n2', null],
      ['another-member-lost', 'n2', 'n1'],
    ]);
    expect(world.waits).toEqual([]);
  });

  it('is told run by run to whoever accepts events, and then its report', async () => {
    const { text, headers } = await stream({ to });
    expect(headers['content-type']).toContain('text/event-stream');
    const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data]) => [event, JSON.parse(data ?? '')]);
    expect(events.slice(0, 2)).toEqual([
      ['run', { made: 1, of: 5 }],
      ['run', { made: 2, of: 5 }],
    ]);
    expect(events[2]).toMatchObject(['report', { clusterId, assumed: sampleReport.assumed }]);
    expect(events).toHaveLength(3);
  });

  it('that fails tells why in the stream, or with a status', async () => {
    world.rehearse = async () => sampleRehearsal({ kind: 'failed', because: 'Its process ended.' });
    expect((await stream({ to })).text).toContain(
      'event: failed\ndata: {"error":{"code":"internal","says":"Its process ended."}}',
    );
    const { status, json } = await face.ask('POST', path, { to });
    expect([status, json.error.says]).toEqual([500, 'Its process ended.']);
  });

  it('that takes long is answered with the runs that were made within half a minute', async () => {
    let ended = false;
    world.rehearse = async () => ({
      ...sampleRehearsal(),
      run: async ({ signal }) => {
        world.waits.find(({ milliseconds }) => milliseconds === 30_000)?.pass();
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener('abort', () => resolve());
        });
        ended = true;
        return { kind: 'rehearsed', report: sampleReport };
      },
    });
    expect((await face.ask('POST', path, { to })).json).toMatchObject({ made: 4, wanted: 5 });
    expect(ended).toBe(true);
  });

  it.each<[string, RehearsalPrepared, number, string]>([
    ['beside another', { kind: 'busy', says: 'Another rehearsal runs.' }, 409, 'not-now'],
    ['of Kubernetes', { kind: 'not-offered', says: 'Not yet.' }, 422, 'refused'],
    ['of too large a cluster', { kind: 'too-large', says: 'Too many.' }, 422, 'refused'],
    ['of a cluster that does not answer', { kind: 'unreachable', because: 'nobody' }, 422, 'unreachable'],
    ['of a cluster that is not there', { kind: 'not-found' }, 404, 'not-found'],
  ])('%s is refused before anything runs', async (_, prepared, status, code) => {
    world.rehearse = async () => prepared;
    const asked = await face.ask('POST', path, { to });
    expect([asked.status, asked.json.error.code]).toEqual([status, code]);
    expect((await stream({ to })).status).toBe(status);
  });

  it.each([
    [{ to, runs: 0 }, 'runs'],
    [{ to, runs: 101 }, 'runs'],
    [{ to, seed: 1.5 }, 'seed'],
    [{ to, faults: 'no' }, 'faults'],
    [{ runs: 3 }, 'to'],
    [{ to, fault: 'x' }, 'fault'],
  ])('with %j is refused, and names what is wrong', async (body, key) => {
    const { status, json } = await face.ask('POST', path, body);
    expect([status, json.error.details?.key]).toEqual([400, key]);
  });
});
