/** What the tests of the store write. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type AccessKey,
  type AuditEntry,
  type Cluster,
  emptyLedger,
  type NewEvent,
  type Plan,
  type SecretBox,
  type TokenRecord,
  type Upgrade,
} from '../domain/index.ts';
import { openStore, type PostgresStore } from './postgres-store.ts';
import { createSecretBox } from './secret-box.ts';
import { silentLog, withTestDatabase } from './testing.ts';

export const noon = '2026-11-23T12:00:00.000Z';

/** That many milliseconds after noon. */
export function afterNoon(milliseconds: number): string {
  return new Date(Date.parse(noon) + milliseconds).toISOString();
}

export interface TestStore {
  readonly store: PostgresStore;
  readonly url: string;
  readonly box: SecretBox;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await withTestDatabase();
  const box = createSecretBox(randomBytes(32));
  const store = await openStore({ url: database.url, box, log: silentLog });
  return {
    store,
    box,
    url: database.url,
    close: async () => {
      await store.close();
      await database.close();
    },
  };
}

export function sampleCluster(change: Partial<Cluster> = {}): Cluster {
  const id = change.id ?? `es-cn-${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  return {
    id,
    engine: 'elasticsearch',
    origin: 'registered',
    name: `cluster ${id}`,
    description: 'Kept "as it is": ünïcode, \\ and all',
    account: 'owner',
    region: 'here',
    tags: { team: 'search' },
    spec: {
      kind: 'elasticsearch',
      clusterName: 'search',
      nodes: [],
      release: { version: '5.6.16', build: null },
      settings: { 'indices.query.bool.max_clause_count': '2048' },
      awarenessAttribute: null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: 'elastic',
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
    },
    secrets: { password: 'correct horse battery staple' },
    provisioning: { state: 'ready' },
    deleteAfter: null,
    createdAt: noon,
    updatedAt: noon,
    ...change,
  };
}

export function samplePlan(clusterId: string, change: Partial<Plan> = {}): Plan {
  return {
    id: randomUUID(),
    clusterId,
    engine: 'elasticsearch',
    from: { version: '5.6.16', build: null },
    to: { version: '6.3.2', build: 'ali1.2.0' },
    hops: [],
    reports: [{ check: 'es.sample', asks: 'Is it so?', hop: 0, result: { kind: 'passed' } }],
    findings: [],
    touches: ['node-1 is restarted'],
    estimateSeconds: 90,
    basis: 'a-b-c',
    gateAfterFirstMember: false,
    madeAt: noon,
    madeBy: 'key-1',
    ...change,
  };
}

export function sampleUpgrade(plan: Plan, change: Partial<Upgrade> = {}): Upgrade {
  return {
    id: randomUUID(),
    clusterId: plan.clusterId,
    planId: plan.id,
    from: plan.from,
    to: plan.to,
    status: 'running',
    intent: 'go',
    generation: 1,
    reason: null,
    ledger: { ...emptyLedger, generation: 1 },
    recorded: [],
    acknowledged: ['es.snapshot-is-recent'],
    startedBy: 'key-1',
    createdAt: noon,
    updatedAt: noon,
    endedAt: null,
    ...change,
  };
}

export function sampleEvent(says: string, change: Partial<NewEvent> = {}): NewEvent {
  return { at: noon, kind: 'remark', move: null, members: ['node-1'], says, reason: null, actor: null, ...change };
}

export function sampleToken(change: Partial<TokenRecord> = {}): TokenRecord {
  return {
    scope: 'key-1 start es-1',
    token: randomUUID(),
    parameters: 'hash-1',
    answer: { Result: { nested: [1, null, 'x'] } },
    expiresAt: afterNoon(60_000),
    ...change,
  };
}

export function sampleKey(change: Partial<AccessKey> = {}): AccessKey {
  return {
    id: `key-${randomUUID()}`,
    secret: `secret-${randomUUID()}`,
    account: 'owner',
    description: 'for tests',
    status: 'active',
    policy: null,
    createdAt: noon,
    ...change,
  };
}

export function sampleAuditEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: noon,
    account: 'owner',
    keyId: 'key-1',
    isSession: false,
    face: 'native',
    action: 'clusterlift:StartUpgrade',
    about: 'cluster/es-cn-1',
    made: '/upgrades/1',
    status: 201,
    code: null,
    requestId: randomUUID(),
    address: '127.0.0.1',
    ...change,
  };
}

/** A cluster with a plan and an upgrade, all stored. */
export async function storedUpgrade(store: PostgresStore, change: Partial<Upgrade> = {}): Promise<Upgrade> {
  const plan = await storedPlan(store);
  const upgrade = sampleUpgrade(plan, change);
  const end = await store.insertUpgrade(upgrade, [sampleEvent('begun', { kind: 'started', actor: 'key-1' })], null);
  if (end.kind !== 'inserted') throw new Error(`The sample upgrade was not inserted: ${end.kind}.`);
  return upgrade;
}

export async function storedPlan(store: PostgresStore, change: Partial<Cluster> = {}): Promise<Plan> {
  const cluster = sampleCluster(change);
  const plan = samplePlan(cluster.id);
  const end = await store.insertCluster(cluster);
  if (end !== 'inserted') throw new Error(`The sample cluster was not inserted: ${end}.`);
  await store.insertPlan(plan);
  return plan;
}
