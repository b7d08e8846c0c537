import { describe, expect, it } from 'vitest';
import type { Cluster, Launch, Release, TrialKey, TrialOutcome } from '../domain/index.ts';
import { createTrials, type TrialParts } from './trials.ts';

const next: Release = { version: '2.0.0', build: null };
const cluster = {
  id: 'c1',
  engine: 'elasticsearch',
  tags: {},
  provisioning: { state: 'ready' },
  spec: { bindAddress: '127.0.0.1' },
} as unknown as Cluster;

/** Members n1, n2, n3 with equal settings; the settings file of n1 lies in a folder of its owner. */
function given(foreign: readonly string[] = []) {
  const ran: string[] = [];
  const rows: { key: TrialKey; outcome: TrialOutcome }[] = [];
  const owners = { print: 'as it was', refuses: false };
  const host = {
    generationOf: async () => 1,
    prefetch: async () => ({ kind: 'done' }),
    freePorts: async () => [1, 2],
    fingerprint: async (folder: string) => `${folder} ${owners.print}`,
    trial: async ({ member }: Launch) => {
      ran.push(member);
      return owners.refuses ? { kind: 'refused', lastLines: ['no'] } : { kind: 'passed', tookMs: 1, archive: null };
    },
  };
  const engine = {
    members: () => ['n1', 'n2', 'n3'].map((name) => ({ name, host: 'local', foreign: foreign.includes(name) })),
    trialText: () => 'the same',
    artefacts: () => [],
    launch: (_: Cluster, __: unknown, member: string) => ({
      member,
      java: null,
      artefacts: [],
      copies: member === 'n1' ? [{ from: '/etc/n1', to: 'conf' }] : [{ from: 'config/a', to: 'conf/a' }],
    }),
  };
  const store = {
    getCluster: async () => cluster,
    listTrials: async () => rows,
    putTrials: async (keys: readonly TrialKey[], outcome: TrialOutcome) => {
      for (const key of keys) {
        const there = rows.find((row) => row.key.member === key.member && row.key.settingsHash === key.settingsHash);
        if (there === undefined) rows.push({ key, outcome });
        else there.outcome = outcome;
      }
    },
    unfinishedUpgrade: async () => undefined,
  };
  const log = { info: () => undefined, warn: () => undefined };
  const io = { now: () => '2026-11-22T10:00:00.000Z', hosts: () => host };
  const engines = { elasticsearch: { engine, catalog: { releases: [], edges: [] } } };
  const parts = { store, io, log, engines, enabled: true, closing: new AbortController().signal };
  const trials = createTrials(parts as unknown as TrialParts);
  const ask = async () => {
    await trials.of(cluster, [next], 'now');
    await trials.idle();
    return (await trials.of(cluster, [next], 'now')).map(({ key, outcome }) => [key.member, outcome.kind]);
  };
  return { ask, ran, owners };
}

describe('trial starts', () => {
  it('are shared by members with equal settings, and not with one whose settings file is its owner’s', async () => {
    const { ask, ran } = given();
    expect(await ask()).toEqual(['n1', 'n2', 'n3'].map((member) => [member, 'passed']));
    expect(ran).toEqual(['n1', 'n2']);
    await ask();
    expect(ran).toEqual(['n1', 'n2']);
  });

  it('are not made of members that their owner alone can start', async () => {
    const { ask, ran } = given(['n1', 'n3']);
    expect(await ask()).toEqual([['n2', 'passed']]);
    expect(ran).toEqual(['n2']);
  });

  it('are run again for a member whose owner has changed a file of its settings', async () => {
    const { ask, ran, owners } = given();
    owners.refuses = true;
    expect(await ask()).toEqual(['n1', 'n2', 'n3'].map((member) => [member, 'refused']));
    owners.refuses = false;
    owners.print = 'mended';
    expect(await ask()).toEqual([
      ['n1', 'passed'],
      ['n2', 'refused'],
      ['n3', 'refused'],
    ]);
    expect(ran).toEqual(['n1', 'n2', 'n1']);
  });
});
