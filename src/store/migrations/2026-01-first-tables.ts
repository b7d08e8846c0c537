import { type Kysely, sql } from 'kysely';

/**
 * Bodies are `json`, not `jsonb`: they are never searched, and come back exactly as they were written. Foreign keys let
 * a forgotten cluster take everything of its own along.
 */
const statements = [
  `create table clusters (
    id text primary key,
    account text not null,
    engine text not null,
    origin text not null,
    name text not null,
    description text not null,
    region text not null,
    tags json not null,
    spec json not null,
    sealed_secrets text not null,
    provisioning json not null,
    delete_after timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (account, name)
  )`,
  `create table plans (
    id text primary key,
    cluster_id text not null references clusters (id) on delete cascade,
    body json not null,
    made_at timestamptz not null
  )`,
  `create index plans_of_a_cluster on plans (cluster_id)`,
  `create index plans_by_age on plans (made_at)`,
  `create table upgrades (
    id text primary key,
    position bigint generated always as identity unique,
    cluster_id text not null references clusters (id) on delete cascade,
    plan_id text not null references plans (id) on delete cascade,
    from_release json not null,
    to_release json not null,
    status text not null check (status in ('running', 'paused', 'stopped', 'gated', 'done', 'cancelled')),
    intent text not null check (intent in ('go', 'pause', 'cancel')),
    generation integer not null,
    reason json,
    ledger json not null,
    recorded json not null,
    acknowledged json not null,
    started_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    ended_at timestamptz,
    last_seq integer not null,
    revision bigint not null,
    turn_write uuid,
    intent_write uuid
  )`,
  `create unique index one_unfinished_upgrade_per_cluster on upgrades (cluster_id)
    where status in ('running', 'paused', 'stopped', 'gated')`,
  `create index upgrades_of_a_cluster on upgrades (cluster_id, position)`,
  `create index upgrades_of_a_plan on upgrades (plan_id)`,
  `create table upgrade_events (
    upgrade_id text not null references upgrades (id) on delete cascade,
    seq integer not null,
    at timestamptz not null,
    kind text not null,
    generation integer not null,
    move text,
    members json not null,
    says text not null,
    reason json,
    actor text,
    primary key (upgrade_id, seq)
  )`,
  `create table trials (
    cluster_id text not null references clusters (id) on delete cascade,
    member text not null,
    version text not null,
    build text not null,
    settings_hash text not null,
    outcome json not null,
    primary key (cluster_id, member, version, build, settings_hash)
  )`,
  `create table tokens (
    scope text not null,
    token text not null,
    parameters text not null,
    answer json not null,
    expires_at timestamptz not null,
    primary key (scope, token)
  )`,
  `create index tokens_by_end on tokens (expires_at)`,
  `create table nonces (
    key_id text not null,
    nonce text not null,
    expires_at timestamptz not null,
    claim uuid not null,
    primary key (key_id, nonce)
  )`,
  `create index nonces_by_end on nonces (expires_at)`,
  `create table access_keys (
    id text primary key,
    sealed_secret text not null,
    account text not null,
    description text not null,
    status text not null check (status in ('active', 'revoked')),
    created_at timestamptz not null
  )`,
  `create table leases (
    executor_id text primary key,
    expires_at timestamptz not null
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
