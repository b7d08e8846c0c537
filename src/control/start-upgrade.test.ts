import { describe, expect, it } from 'vitest';
import type { Cluster, Engine, Upgrade } from '../domain/index.ts';
import type { StartRequest } from './control.ts';
import type { ControlParts, Loop } from './parts.ts';
import { startUpgrade } from './start-upgrade.ts';

const caller = { keyId: 'k', account: 'main', policy: null };
const cluster = { id: 'c1', engine: 'elasticsearch', account: 'main', deleteAfter: null, provisioning: { state: 'ready' } };

function given() {
  const inserted: Upgrade[] = [];
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const engine: Pick<Engine, 'observe' | 'releaseOf'> = {
    releaseOf: () => null,
    observe: async () => {
      await slow;
      return { at: '', members: [], cluster: { kind: 'unreachable', because: 'looked' }, hosts: {}, unknowns: [] };
    },
  };
  const store = {
    getCluster: async () => cluster as unknown as Cluster,
    unfinishedUpgrade: async () => undefined,
    insertUpgrade: async (upgrade: Upgrade) => {
      inserted.push(upgrade);
      return { kind: 'inserted' };
    },
  };
  const io = { now: () => '2026-11-22T10:00:00.000Z', pause: async () => undefined };
  const log = { debug: () => undefined };
  const parts = { store, io, log, engines: { elasticsearch: { engine, catalog: { releases: [], edges: [] } } } };
  return { parts: parts as unknown as ControlParts & { readonly loop: Loop }, inserted, answer: () => answer() };
}

const request: StartRequest = {
  clusterId: 'c1',
  what: { to: { version: '6.7.0', build: null } },
  acknowledge: [],
  policy: { maxHops: 1, policyFindings: 'record' },
  token: null,
  answer: () => [],
};

describe('a start that must answer in time', () => {
  it('is told that the cluster did not answer, and nothing begins when it does', async () => {
    const { parts, inserted, answer } = given();
    const result = await startUpgrade(parts, caller, { ...request, lookTimeoutMs: 10 });
    expect(result).toEqual({ kind: 'unreachable', because: 'it has not answered everything within 10 ms.' });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(inserted).toEqual([]);
  });

  it('waits as long as it takes where no limit is given', async () => {
    const { parts, answer } = given();
    const result = startUpgrade(parts, caller, request);
    answer();
    expect(await result).toEqual({ kind: 'unreachable', because: 'looked' });
  });
});
