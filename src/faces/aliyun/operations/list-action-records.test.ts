import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpgradeEvent } from '../../../domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../testing.ts';
import { sampleCluster, sampleId } from '../testing-samples.ts';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld(sampleCluster());
  face = await serveFace(world);
});
afterEach(() => face.close());

const instance = `/openapi/instances/${sampleId}`;

async function start(body: object): Promise<string> {
  await fetch(`http://${face.endpoint}${instance}/actions/upgrade-version`, { method: 'POST', body: JSON.stringify(body) });
  return world.upgrades.at(-1)?.id ?? '';
}

async function records(query = ''): Promise<{ readonly total: number; readonly list: readonly Record<string, unknown>[] }> {
  const response = await fetch(`http://${face.endpoint}${instance}/action-records?${query}`);
  const body = (await response.json()) as { Headers: { 'X-Total-Count': number }; Result: Record<string, unknown>[] };
  return { total: body.Headers['X-Total-Count'], list: body.Result };
}

function event(upgradeId: string, kind: UpgradeEvent['kind'], move: string, members: readonly string[], says = ''): UpgradeEvent {
  return { upgradeId, kind, move, members, says, seq: 1, at: world.now(), generation: 1, reason: null, actor: null };
}

describe('ListActionRecords', () => {
  it('shows every outer name in both letter cases', async () => {
    await start({ version: '6.7' });
    const [record = {}] = (await records()).list;
    const camel = Object.keys(record).filter((name) => /^[a-z]/.test(name));
    expect(camel).toContain('statusInfo');
    for (const name of camel) expect(record[`${name[0]?.toUpperCase()}${name.slice(1)}`], name).toEqual(record[name]);
  });

  it('counts the members that were lifted and tells what failed', async () => {
    const id = await start({ version: '6.7' });
    world.events.push(
      event(id, 'acted', 'freeze', []),
      event(id, 'acted', 'lift-member', ['es-2']),
      event(id, 'failed', 'lift-member', ['es-3'], 'es-3 did not come back.'),
    );
    const says = 'es-3 did not come back.';
    const reason = { code: 'es.did-not-join', subject: 'es-3', says, clearedBy: 'Mend it.' };
    world.change(id, { status: 'stopped', reason });
    world.nowMs += 5_000;
    const [record] = (await records()).list;
    expect(record).toMatchObject({
      stateType: 'FAILED',
      process: '33%',
      startTime: world.nowMs - 5_000,
      statusInfo: [
        {
          nodeCount: 3,
          completeNodeCount: 1,
          latencyMills: 5_000,
          exception: says,
          detail: { pendingOperationNodesCount: 2 },
          subStatusInfo: [
            { subState: 'freeze', stateType: 'FINISHED' },
            { subState: 'lift-member', completeNodeCount: 1, exception: '' },
            { subState: 'lift-member', stateType: 'FAILED', exception: says },
          ],
        },
      ],
      detail: { changeId: id, hasDoneNodeCount: 1, totalNodeCount: 3, reason },
      changeDetail: { stateType: 'UPDATING', detail: { hasDoneNodeCount: 1, totalNodeCount: 3 } },
    });
  });

  it.each([
    ['running', 'ACTIVATING', true],
    ['gated', 'ACTIVATING', false],
    ['paused', 'SUSPENDED', false],
    ['cancelled', 'CANCELLED', false],
    ['done', 'FINISHED', false],
  ] as const)('shows one that is %s as %s', async (status, stateType, interruptible) => {
    const id = await start({ version: '6.7' });
    world.change(id, { status, ...(status === 'done' ? { endedAt: world.now() } : {}) });
    const [record] = (await records()).list;
    expect(record).toMatchObject({ stateType, interruptible });
    expect(record?.detail).toMatchObject(status === 'gated' ? { grayType: 'grayDone' } : {});
    expect(JSON.stringify(record).includes('grayDone')).toBe(status === 'gated');
    expect(record?.process).toBe(status === 'done' ? '100%' : '0%');
  });

  it('names kernels where only the kernel changes', async () => {
    world.clusters.set(sampleId, sampleCluster({ release: { version: '6.3.2', build: 'ali1.0.2' } }));
    await start({ version: 'ali1.2.0', type: 'aliVersion' });
    expect((await records()).list).toMatchObject([
      {
        actionParams: { type: 'aliVersion', version: 'ali1.2.0' },
        recordDiff: { 'upgradeSetting/version.old': 'ali1.0.2', 'upgradeSetting/version.now': 'ali1.2.0' },
      },
    ]);
  });

  it('lists the newest first, a page at a time, and filters by name, time and request', async () => {
    const ids: string[] = [];
    for (const version of ['6.7', '6.8']) {
      const id = await start({ version });
      ids.unshift(id);
      world.finish(id);
      world.nowMs += 60_000;
    }
    const shown = async (query: string) => (await records(query)).list.map((record) => record.requestId);
    expect(await shown('')).toEqual(ids);
    expect(await shown('page=2&size=1')).toEqual(ids.slice(1));
    expect(await shown('page=3&size=1')).toEqual([]);
    expect((await records('size=1')).total).toBe(2);
    expect(await shown('actionNames=RestartInstance')).toEqual([]);
    expect(await shown('actionNames=RestartInstance,UpgradeEngineVersion')).toEqual(ids);
    expect(await shown(`startTime=${world.nowMs - 60_000}`)).toEqual(ids.slice(0, 1));
    expect(await shown(`endTime=${world.nowMs - 60_001}`)).toEqual(ids.slice(1));
    expect(await shown(`requestId=${ids[1]?.toUpperCase()}`)).toEqual(ids.slice(1));
  });
});
