import { describe, expect, it } from 'vitest';
import { type Cluster, emptyLedger, type Store, type Upgrade } from '../domain/index.ts';
import { expireGate } from './expire-gate.ts';
import { limits } from './limits.ts';
import type { ControlParts, Loop } from './parts.ts';

const gatedAt = '2026-11-22T10:00:00.000Z';
const cluster = { id: 'c1', account: 'main' } as Cluster;

async function afterWaiting(waitedMs: number, status: Upgrade['status'] = 'gated') {
  const upgrade = { id: 'u1', clusterId: 'c1', status, intent: 'go', generation: 3, ledger: emptyLedger, updatedAt: gatedAt };
  const written: Parameters<Store['writeIntent']>[0][] = [];
  const started: [string, number][] = [];
  const store = {
    getUpgrade: async () => upgrade,
    getCluster: async () => cluster,
    writeIntent: async (change: Parameters<Store['writeIntent']>[0]) => {
      written.push(change);
      return { ...upgrade, generation: 4 };
    },
  };
  const loop: Loop = {
    start: async (id, generation) => {
      started.push([id, generation]);
    },
  };
  const io = { now: () => new Date(Date.parse(gatedAt) + waitedMs).toISOString() };
  const parts = { store, loop, io, log: { info: () => undefined } } as unknown as ControlParts & { readonly loop: Loop };
  await expireGate(parts, cluster, upgrade as unknown as Upgrade);
  return { written, started };
}

describe('a gate', () => {
  it('is left open until it expires', async () => {
    expect(await afterWaiting(limits.gateExpiryMs - 1)).toEqual({ written: [], started: [] });
  });

  it('that nobody passed in time cancels its upgrade, which then ends cleanly, and says who asked', async () => {
    const { written, started } = await afterWaiting(limits.gateExpiryMs);
    expect(written).toMatchObject([
      { upgradeId: 'u1', intent: 'cancel', expectedStatus: 'gated', nextGeneration: true, events: [{ actor: 'gate-expiry' }] },
    ]);
    expect(started).toEqual([['u1', 4]]);
  });

  it.each(['running', 'paused', 'stopped'] as const)('does not expire for an upgrade that is %s', async (status) => {
    expect(await afterWaiting(limits.gateExpiryMs * 2, status)).toEqual({ written: [], started: [] });
  });
});
