import { afterEach, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../domain/index.ts';
import { tokenLifetimeMs } from '../index.ts';
import type { FakeWorld } from '../testing.ts';
import { sampleCluster, sampleFinding, sampleId } from '../testing-samples.ts';
import { allWell, openBench, type UpgradeBench } from './testing-upgrades.ts';

let bench: UpgradeBench | null = null;
let world: FakeWorld;
let upgrade: UpgradeBench['upgrade'];
afterEach(async () => {
  await bench?.close();
  bench = null;
});

async function given(cluster?: Cluster, quickly?: boolean): Promise<void> {
  await bench?.close();
  bench = await openBench(cluster, quickly);
  world = bench.world;
  upgrade = bench.upgrade;
}

describe('clientToken', () => {
  it('replays an accepted start while it runs and after it, and starts nothing again', async () => {
    await given();
    await upgrade('clientToken=t1');
    expect(await upgrade('clientToken=t1')).toMatchObject({ status: 200, body: { Result: [] } });
    world.finish(world.upgrades[0]?.id ?? '');
    expect(await upgrade('clientToken=t1')).toMatchObject({ status: 200, body: { Result: [] } });
    expect(world.starts).toHaveLength(1);
  });

  it('answers two of the same request at once alike, and starts one upgrade', async () => {
    await given();
    let open: () => void = () => undefined;
    world.lookEnds = new Promise<void>((resolve) => {
      open = resolve;
    });
    const both = [upgrade('clientToken=t1'), upgrade('clientToken=t1')];
    await expect.poll(() => world.starts.length).toBe(2);
    open();
    expect(await Promise.all(both)).toMatchObject([
      { status: 200, body: { Result: [] } },
      { status: 200, body: { Result: [] } },
    ]);
    expect(world.upgrades).toHaveLength(1);
  });

  it('refuses the same token with other parameters', async () => {
    await given();
    await upgrade('clientToken=t1');
    for (const [query, body] of [
      ['clientToken=t1', { version: '6.7.0' }],
      ['clientToken=t1&updateStrategy=normal', { version: '6.7' }],
    ] as const)
      expect(await upgrade(query, body)).toMatchObject({ status: 400, body: { Code: 'IdempotentParameterMismatch' } });
  });

  it('does not store a refusal', async () => {
    await given();
    world.findings = [sampleFinding('es.cluster-is-settled', 'hazard')];
    expect((await upgrade('clientToken=t1')).status).toBe(400);
    world.findings = [];
    expect(await upgrade('clientToken=t1')).toMatchObject({ status: 200, body: { Result: [] } });
    expect(world.upgrades).toHaveLength(1);
  });

  it('is of one instance, and is forgotten after its lifetime', async () => {
    await given();
    const other = 'es-cn-other00000000000';
    world.clusters.set(other, sampleCluster({ id: other, name: 'other' }));
    await upgrade('clientToken=t1');
    await upgrade('clientToken=t1', { version: '6.7' }, other);
    expect(world.upgrades.map((started) => started.clusterId)).toEqual([sampleId, other]);
    world.nowMs += tokenLifetimeMs + 1;
    expect(await upgrade('clientToken=t1')).toMatchObject({ status: 400, body: { Code: 'InstanceActivating' } });
  });
});

describe('the target', () => {
  it.each(['6.7', '6.7.0', '6.7.0_with_X-Pack', '6.7_with_X-Pack'])('may be spelled %s', async (version) => {
    await given();
    await upgrade('', { version });
    expect(world.upgrades).toMatchObject([{ to: { version: '6.7.0', build: null } }]);
  });

  it.each([
    ['6.3.2', 'runs 6.3.2 already'],
    ['6.3', 'runs 6.3.2 already'],
  ])('%s is what runs: nothing to do, and it says so', async (version, says) => {
    await given();
    expect(await upgrade('', { version })).toMatchObject({
      status: 200,
      body: { Result: [], Message: expect.stringContaining(says) },
    });
    expect(await upgrade('dryRun=true', { version })).toMatchObject({
      status: 200,
      body: { Result: allWell, Message: expect.stringContaining(says) },
    });
    expect(world.upgrades).toEqual([]);
    expect(world.tokens.size).toBe(0);
  });

  it.each([
    [{ version: '6.8' }, 'UpgradeVersionNotSupported', 'leads to 6.7.0'],
    [{ version: '5.6' }, 'UpgradeVersionNotSupported', 'no way to an older version'],
    [{ version: '8.19.21' }, 'UpgradeVersionNotSupported', 'leads to 6.7.0'],
    [{ version: '9.99' }, 'InvalidParameter', 'not known here'],
    [{ version: 'newest' }, 'InvalidParameter', 'not a version'],
    [{ version: 'ali1.2.0' }, 'InvalidParameter', 'goes with type aliVersion'],
    [{ version: '6.7', type: 'aliVersion' }, 'InvalidParameter', 'is a kernel such as'],
    [{ version: 'ali9.9.9', type: 'aliVersion' }, 'InvalidParameter', 'does not exist for version 6.3.2'],
    [{ version: 'x'.repeat(100) }, 'InvalidParameter', 'not a version'],
  ])('%.40j is refused with %s', async (body, code, says) => {
    await given();
    for (const query of ['', 'dryRun=true'])
      expect(await upgrade(query, body)).toMatchObject({
        status: 400,
        body: { Code: code, Message: expect.stringContaining(says) },
      });
    expect(world.upgrades).toEqual([]);
  });

  it('may be a whole route where the instance is tagged so', async () => {
    await given(sampleCluster({ tags: { 'clusterlift:routes': 'whole' } }));
    expect((await upgrade('dryRun=true', { version: '6.8' })).body).toMatchObject({ Result: allWell });
    expect(await upgrade('', { version: '6.8' })).toMatchObject({ status: 200 });
    expect(world.upgrades).toMatchObject([{ to: { version: '6.8.23' } }]);
  });

  it.each(['ali1.2.0', '1.2.0', 'ALI1.2.0'])('may be the kernel %s', async (version) => {
    await given(sampleCluster({ release: { version: '6.3.2', build: 'ali1.0.2' } }));
    await upgrade('', { version, type: 'aliVersion' });
    expect(world.upgrades).toMatchObject([{ to: { version: '6.3.2', build: 'ali1.2.0' } }]);
  });

  it('is never an older kernel', async () => {
    await given(sampleCluster({ release: { version: '6.3.2', build: 'ali1.2.0' } }));
    expect(await upgrade('', { version: 'ali1.0.2', type: 'aliVersion' })).toMatchObject({
      status: 400,
      body: { Code: 'UpgradeVersionNotSupported', Message: expect.stringContaining('older kernel') },
    });
  });

  it('keeps the kernel when the engine is lifted, where the new version has it', async () => {
    await given(sampleCluster({ release: { version: '6.3.2', build: 'ali1.0.2' } }));
    await upgrade('');
    expect(world.upgrades).toMatchObject([{ to: { version: '6.7.0', build: 'ali1.0.2' } }]);
    await given(sampleCluster({ release: { version: '6.7.0', build: 'ali1.0.2' } }));
    await upgrade('', { version: '6.8' });
    expect(world.upgrades).toMatchObject([{ to: { version: '6.8.23', build: null } }]);
  });

  it('must be of an instance of the caller', async () => {
    await given(sampleCluster({ account: 'somebody else' }));
    expect(await upgrade('dryRun=true')).toMatchObject({ status: 404, body: { Code: 'InstanceNotFound' } });
  });
});
