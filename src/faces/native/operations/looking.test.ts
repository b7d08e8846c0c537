import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { clusterId, noon, sampleObservation } from '../testing-samples.ts';
import { eventually } from '../testing-stream.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

describe('looking at a cluster', () => {
  it('shows members, health, hosts and what stayed unknown', async () => {
    const { json } = await face.ask('GET', `/clusters/${clusterId}/observation`);
    const nothing = { pid: null, startedAt: null, exitCode: null, lastLines: [], because: null };
    expect(json).toEqual({
      clusterId,
      at: noon,
      reachable: true,
      because: null,
      health: {
        status: 'yellow',
        numberOfNodes: 1,
        initializing: 1,
        relocating: 0,
        unassigned: 4,
        delayedUnassigned: 0,
        pendingTasks: 2,
      },
      master: 'n1',
      members: [
        {
          name: 'n1',
          process: { ...nothing, state: 'running', pid: 4710, startedAt: noon },
          release: { version: '5.6.16', build: null },
          joined: true,
        },
        {
          name: 'n2',
          process: { ...nothing, state: 'stopped', exitCode: 1, lastLines: ['no room'] },
          release: null,
          joined: false,
        },
        { name: 'n3', process: { ...nothing, state: 'unknown', because: 'the host is away' }, release: null, joined: false },
        { name: 'n4', process: { ...nothing, state: 'absent' }, release: null, joined: false },
      ],
      hosts: [
        { key: 'local', reachable: true, because: null, javas: [17], freeMemoryBytes: 1e9, prefetched: ['6.3.2'] },
        { key: 'far', reachable: false, because: 'no route', javas: [], freeMemoryBytes: null, prefetched: [] },
      ],
      unknowns: ['snapshots of repository nightly: HTTP 500'],
    });
  });

  it('answers for a cluster that does not', async () => {
    const cluster = { kind: 'unreachable', because: 'nobody answers' } as const;
    world.control.observeCluster = async () => ({ ...sampleObservation(), cluster });
    const { status, json } = await face.ask('GET', `/clusters/${clusterId}/observation`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ reachable: false, because: 'nobody answers', health: null, master: null });
  });

  it('shows trials with each of their ends', async () => {
    const key = { clusterId, member: 'n1', release: { version: '6.3.2', build: null }, settingsHash: 'aa' };
    world.trials = [
      { key, outcome: { kind: 'pending' } },
      { key, outcome: { kind: 'running', since: noon } },
      { key, outcome: { kind: 'passed', at: noon, tookMs: 5, archive: 'a.jsa' } },
      { key, outcome: { kind: 'refused', at: noon, lastLines: ['unknown setting [x]'] } },
      { key, outcome: { kind: 'could-not-run', at: noon, because: 'no memory' } },
      { key, outcome: { kind: 'off' } },
    ];
    expect((await face.ask('GET', `/clusters/${clusterId}/trials`)).json).toEqual({ trials: world.trials });
  });
});

describe('snapshots', () => {
  it('takes one, in the repository that was named or in the first', async () => {
    const asked: unknown[] = [];
    world.engineAnswer = async (call) => {
      asked.push(call);
      return { kind: 'done', value: { repository: 'nightly', snapshot: 's-1', state: 'SUCCESS', beside: 'it' } };
    };
    const { status, json } = await face.ask('POST', `/clusters/${clusterId}/snapshots`, { repository: 'nightly' });
    expect([status, json]).toEqual([201, { repository: 'nightly', snapshot: 's-1', state: 'SUCCESS' }]);
    await face.ask('POST', `/clusters/${clusterId}/snapshots`);
    await face.ask('POST', `/clusters/${clusterId}/snapshots`, {});
    expect(asked).toEqual(['nightly', null, null].map((repository) => ({ do: 'create-snapshot', repository })));
    expect(world.waits).toEqual([]);
  });

  it('says in the cluster’s own words why there is none', async () => {
    world.engineAnswer = async () => ({ kind: 'refused', because: 'The cluster has no snapshot repository.' });
    const { status, json } = await face.ask('POST', `/clusters/${clusterId}/snapshots`, {});
    expect([status, json.error.says]).toEqual([422, 'The cluster has no snapshot repository.']);
    expect((await face.ask('GET', `/clusters/${clusterId}/repositories`)).status).toBe(422);
  });

  it('does not keep its caller waiting for a long one, and logs how that ended', async () => {
    let end = (_: { kind: 'refused'; because: string }) => {};
    world.engineAnswer = () => new Promise((resolve) => (end = resolve));
    const asking = face.ask('POST', `/clusters/${clusterId}/snapshots`);
    await eventually(() => world.waits.length === 1);
    expect(world.waits[0]?.milliseconds).toBe(20_000);
    world.waits[0]?.pass();
    expect(await asking).toMatchObject({ status: 202, json: { says: expect.stringContaining('goes on') } });
    end({ kind: 'refused', because: 'disk full' });
    await eventually(() => world.logged.length === 1);
    expect(world.logged).toEqual(['A snapshot was refused late.']);
  });

  it('lists repositories without their settings', async () => {
    world.engineAnswer = async () => ({ kind: 'done', value: [{ name: 'nightly', type: 's3', settings: { secret_key: 'x' } }] });
    const { json } = await face.ask('GET', `/clusters/${clusterId}/repositories`);
    expect(json).toEqual({ repositories: [{ name: 'nightly', type: 's3' }] });
  });
});

describe('releases', () => {
  it.each(['/releases', '/releases?engine=elasticsearch'])('%s shows the catalog without addresses', async (path) => {
    const { json } = await face.ask('GET', path);
    expect(json.engine).toBe('elasticsearch');
    expect(json.releases[0]).toEqual({
      version: '5.6.16',
      java: { min: 8, max: 17 },
      builds: ['ali1.2.0'],
      releasedAt: null,
      endOfStandardSupport: null,
      endOfExtendedSupport: null,
      artefacts: ['archive'],
    });
    expect(json.edges).toEqual([
      { from: '5.6.16', to: '6.3.2', mode: 'rolling', requires: ['no multi-type indices'], oneWayDoors: ['the last 5.6 node'] },
      { from: '6.3.2', to: '6.7.0', mode: 'rolling', requires: [], oneWayDoors: [] },
    ]);
  });

  it('knows no other engine', async () => {
    const { status, json } = await face.ask('GET', '/releases?engine=opensearch');
    expect([status, json.error.says]).toEqual([400, 'engine must be one of elasticsearch, kubernetes.']);
    const other = await face.ask('GET', '/releases?engine=kubernetes');
    expect([other.status, other.json.error.code]).toEqual([404, 'not-found']);
  });
});
