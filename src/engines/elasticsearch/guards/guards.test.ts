import { describe, expect, it } from 'vitest';
import type { SeenElasticsearch } from '../../../domain/index.ts';
import { aWorld, nodeSpec, observe, shardOn, type World } from '../decide/testing.ts';
import { electedMasterLast } from './elected-master-last.ts';
import { everyRoleKeepsANode } from './every-role-keeps-a-node.ts';
import { everyShardKeepsACopy } from './every-shard-keeps-a-copy.ts';
import type { GuardContext, GuardedMember } from './guard.ts';
import { guards, judge } from './index.ts';
import { noShardMoves } from './no-shard-moves.ts';
import { oneMasterAtATime } from './one-master-at-a-time.ts';
import { quorumHolds } from './quorum-holds.ts';
import { waveInOneZone } from './wave-in-one-zone.ts';

function seenOf(world: World): SeenElasticsearch {
  const { cluster } = observe(world);
  if (cluster.kind !== 'seen') throw new Error('seen');
  return cluster.seen;
}

function contextOf(
  world: World,
  wave: readonly string[],
  change: Partial<SeenElasticsearch> = {},
  awarenessAttribute: string | null = null,
): GuardContext {
  const seen = { ...seenOf(world), ...change };
  const members: GuardedMember[] = world.nodes.map((node) => ({
    spec: node.spec,
    node: seen.nodes.find((candidate) => candidate.name === node.spec.name) ?? null,
    lifted: node.release.version === '5.6.16',
  }));
  return { wave: members.filter((member) => wave.includes(member.spec.name)), members, seen, awarenessAttribute };
}

const three = () => aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], shardOn('logs', 'n1', 'n2'));

describe('every shard keeps a copy', () => {
  it('lets a node go whose shards have a started copy elsewhere', () => {
    expect(everyShardKeepsACopy.judge(contextOf(three(), ['n1']))).toEqual({ may: true });
  });

  it('names the shard whose only started copy would go', () => {
    const world = three();
    for (const copy of world.copies) if (copy.node === 'n2') copy.node = null;
    expect(everyShardKeepsACopy.judge(contextOf(world, ['n1']))).toMatchObject({ may: false, because: { subject: 'logs/0' } });
    expect(everyShardKeepsACopy.judge(contextOf(world, ['n3']))).toEqual({ may: true });
  });

  it('does not count a copy that is still being made, nor one that is not in sync', () => {
    const world = three();
    const { shards } = seenOf(world);
    const initializing = shards.map((copy) => (copy.nodeId === 'n2' ? { ...copy, state: 'INITIALIZING' as const } : copy));
    const stale = shards.map((copy) => (copy.nodeId === 'n2' ? { ...copy, inSync: false } : copy));
    expect(everyShardKeepsACopy.judge(contextOf(world, ['n1'], { shards: initializing })).may).toBe(false);
    expect(everyShardKeepsACopy.judge(contextOf(world, ['n1'], { shards: stale })).may).toBe(false);
  });

  it('counts the whole wave, not one node of it', () => {
    expect(everyShardKeepsACopy.judge(contextOf(three(), ['n1', 'n2'])).may).toBe(false);
    expect(everyShardKeepsACopy.judge(contextOf(three(), ['n1', 'n3'])).may).toBe(true);
  });
});

describe('quorum holds', () => {
  it('lets one of three go, and not a second', () => {
    const world = three();
    expect(quorumHolds.judge(contextOf(world, ['n1'])).may).toBe(true);
    const last = world.nodes[2];
    if (last !== undefined) last.joined = false;
    expect(quorumHolds.judge(contextOf(world, ['n1'])).may).toBe(false);
  });

  it('does not let one of two go', () => {
    expect(quorumHolds.judge(contextOf(aWorld([nodeSpec('n1'), nodeSpec('n2')]), ['n1'])).may).toBe(false);
  });

  it('takes the voting configuration at its word from 7 on', () => {
    const world = three();
    for (const node of world.nodes) node.release = { version: '7.17.29', build: null };
    const change = { votingNodeIds: ['n1', 'n2', 'n3', 'gone', 'gone too'], minimumMasterNodes: null };
    expect(quorumHolds.judge(contextOf(world, ['n1'], change))).toMatchObject({
      may: false,
      because: { code: 'es.quorum-holds' },
    });
  });

  it('does not speak of nodes that are not master-eligible', () => {
    const world = aWorld([nodeSpec('m1'), nodeSpec('m2'), nodeSpec('m3'), nodeSpec('d1', { roles: ['data'] })]);
    expect(quorumHolds.judge(contextOf(world, ['d1'], { votingNodeIds: [] })).may).toBe(true);
  });
});

describe('masters', () => {
  it('go one at a time', () => {
    expect(oneMasterAtATime.judge(contextOf(three(), ['n2', 'n3'])).may).toBe(false);
    expect(oneMasterAtATime.judge(contextOf(three(), ['n2'])).may).toBe(true);
  });

  it('wait for another master-eligible node that is away', () => {
    const world = three();
    const second = world.nodes[1];
    if (second !== undefined) second.joined = false;
    expect(oneMasterAtATime.judge(contextOf(world, ['n3']))).toMatchObject({ may: false, because: { subject: 'n2' } });
  });

  it('the elected one goes when the others are lifted', () => {
    const world = three();
    expect(electedMasterLast.judge(contextOf(world, ['n1'])).may).toBe(false);
    for (const node of world.nodes.slice(1)) node.release = { version: '5.6.16', build: null };
    expect(electedMasterLast.judge(contextOf(world, ['n1'])).may).toBe(true);
  });
});

describe('a wave of several', () => {
  const zoned = () =>
    aWorld([nodeSpec('a1', { zone: 'a' }), nodeSpec('a2', { zone: 'a', roles: ['data'] }), nodeSpec('b1', { zone: 'b' })]);

  it('stays in one zone that copies are kept apart by', () => {
    expect(waveInOneZone.judge(contextOf(zoned(), ['a1', 'a2'], {}, 'zone')).may).toBe(true);
    expect(waveInOneZone.judge(contextOf(zoned(), ['a1', 'b1'], {}, 'zone')).may).toBe(false);
    expect(waveInOneZone.judge(contextOf(zoned(), ['a1', 'a2'], {}, null)).may).toBe(false);
  });

  it('leaves a node of each role', () => {
    const world = aWorld([
      nodeSpec('m1', { roles: ['master'] }),
      nodeSpec('d1', { roles: ['data'] }),
      nodeSpec('d2', { roles: ['data'] }),
    ]);
    expect(everyRoleKeepsANode.judge(contextOf(world, ['d1'])).may).toBe(true);
    expect(everyRoleKeepsANode.judge(contextOf(world, ['d1', 'd2']))).toMatchObject({ may: false, because: { subject: 'data' } });
  });
});

describe('judge', () => {
  it('holds everything back while shards move', () => {
    const world = three();
    const { health } = seenOf(world);
    expect(noShardMoves.judge(contextOf(world, ['n2'], { health: { ...health, relocating: 1 } })).may).toBe(false);
    expect(judge(contextOf(world, ['n2'], { health: { ...health, initializing: 1 } }))).toMatchObject({
      may: false,
      because: { code: 'es.no-shard-moves' },
    });
  });

  it('answers with the reason of the guard that says no', () => {
    expect(judge(contextOf(three(), ['n2']))).toEqual({ may: true });
    expect(judge(contextOf(three(), ['n1']))).toMatchObject({ may: false, because: { code: 'es.elected-master-last' } });
  });

  it('has guards with ids that are dotted sentences, each once', () => {
    const ids = guards.map((guard) => guard.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^es\.[a-z]+(-[a-z]+)+$/);
  });
});
