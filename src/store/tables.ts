import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | null, string | null>;
type Moment = ColumnType<Date, string, string>;
type NullableMoment = ColumnType<Date | null, string | null, string | null>;

export interface Tables {
  clusters: {
    id: string;
    account: string;
    engine: string;
    origin: string;
    name: string;
    description: string;
    region: string;
    tags: Json;
    spec: Json;
    sealed_secrets: string;
    provisioning: Json;
    delete_after: NullableMoment;
    created_at: Moment;
    updated_at: Moment;
  };
  face_records: { cluster_id: string; face: string; kind: string; id: string; value: Json; created_at: Moment };
  plans: { id: string; cluster_id: string; body: Json; made_at: Moment };
  upgrades: {
    id: string;
    position: Generated<string>;
    cluster_id: string;
    plan_id: string;
    from_release: Json;
    to_release: Json;
    status: string;
    intent: string;
    generation: number;
    reason: NullableJson;
    ledger: Json;
    recorded: Json;
    acknowledged: Json;
    started_by: string;
    created_at: Moment;
    updated_at: Moment;
    ended_at: NullableMoment;
    /** The seq of its newest event. */
    last_seq: number;
    /** Rises with every change, so that a listener who missed a notice sees it. */
    revision: ColumnType<string, number | string, number | string>;
    /** The last write of each kind: a write that is tried again after a lost answer is known by it. */
    turn_write: string | null;
    intent_write: string | null;
  };
  upgrade_events: {
    upgrade_id: string;
    seq: number;
    at: Moment;
    kind: string;
    generation: number;
    move: string | null;
    members: Json;
    says: string;
    reason: NullableJson;
    actor: string | null;
  };
  trials: {
    cluster_id: string;
    member: string;
    version: string;
    /** Empty for a stock build. */
    build: string;
    settings_hash: string;
    outcome: Json;
  };
  tokens: { scope: string; token: string; parameters: string; answer: Json; expires_at: Moment };
  nonces: { key_id: string; nonce: string; expires_at: Moment; claim: string };
  access_keys: {
    id: string;
    sealed_secret: string;
    account: string;
    description: string;
    status: string;
    policy: NullableJson;
    created_at: Moment;
  };
  sessions: { id: string; key_id: string; created_at: Moment; expires_at: Moment };
  audit_entries: {
    seq: Generated<string>;
    at: Moment;
    account: string;
    key_id: string;
    is_session: boolean;
    face: string;
    action: string;
    about: string;
    made: string | null;
    status: number;
    code: string | null;
    request_id: string;
    address: string;
  };
  leases: { executor_id: string; expires_at: Moment };
}
