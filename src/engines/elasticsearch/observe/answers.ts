/** The answers that an observation is made from, as far as they are read, each with the schema it must fit. */
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Answer } from '../client/index.ts';

const Count = Type.Integer({ minimum: 0 });
const Anything = Type.Record(Type.String(), Type.Unknown());
const MaybeText = Type.Optional(Type.Union([Type.String(), Type.Null()]));

export const Health = Type.Object({
  status: Type.Union([Type.Literal('green'), Type.Literal('yellow'), Type.Literal('red')]),
  timed_out: Type.Boolean(),
  number_of_nodes: Count,
  initializing_shards: Count,
  relocating_shards: Count,
  unassigned_shards: Count,
  delayed_unassigned_shards: Count,
  number_of_in_flight_fetch: Count,
  number_of_pending_tasks: Count,
  task_max_waiting_in_queue_millis: Count,
});

const Copy = Type.Object({
  state: Type.Union([
    Type.Literal('STARTED'),
    Type.Literal('INITIALIZING'),
    Type.Literal('RELOCATING'),
    Type.Literal('UNASSIGNED'),
  ]),
  primary: Type.Boolean(),
  node: MaybeText,
  relocating_node: MaybeText,
  allocation_id: Type.Optional(Type.Object({ id: Type.String() })),
  unassigned_info: Type.Optional(Type.Object({ reason: Type.String(), delayed: Type.Optional(Type.Boolean()) })),
});

const IndexMetadata = Type.Object({
  state: Type.Union([Type.Literal('open'), Type.Literal('close')]),
  settings: Anything,
  mappings: Type.Optional(Anything),
  in_sync_allocations: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
});

const Template = Type.Object({ settings: Type.Optional(Anything), mappings: Type.Optional(Anything) });
const Composable = Type.Record(Type.String(), Type.Object({ template: Type.Optional(Template) }));

export const State = Type.Object({
  cluster_name: Type.String(),
  state_uuid: Type.String(),
  version: Type.Integer(),
  master_node: MaybeText,
  nodes: Type.Record(Type.String(), Type.Object({ name: Type.String(), ephemeral_id: Type.String() })),
  blocks: Type.Optional(
    Type.Object({ indices: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))) }),
  ),
  metadata: Type.Object({
    cluster_uuid: Type.String(),
    cluster_coordination: Type.Optional(
      Type.Object({
        last_committed_config: Type.Optional(Type.Array(Type.String())),
        voting_config_exclusions: Type.Optional(
          Type.Array(Type.Object({ node_id: Type.String(), node_name: Type.Optional(Type.String()) })),
        ),
      }),
    ),
    templates: Type.Record(Type.String(), Template),
    index_template: Type.Optional(Type.Object({ index_template: Type.Optional(Composable) })),
    component_template: Type.Optional(Type.Object({ component_template: Type.Optional(Composable) })),
    // A cluster without indices leaves it out where part of it was not asked for.
    indices: Type.Optional(Type.Record(Type.String(), IndexMetadata)),
  }),
  routing_table: Type.Object({
    indices: Type.Record(Type.String(), Type.Object({ shards: Type.Record(Type.String(), Type.Array(Copy)) })),
  }),
});

export const Nodes = Type.Object({
  nodes: Type.Record(
    Type.String(),
    Type.Object({
      name: Type.String(),
      version: Type.String(),
      roles: Type.Array(Type.String()),
      attributes: Type.Optional(Type.Record(Type.String(), Type.String())),
      settings: Type.Optional(Anything),
      process: Type.Optional(Type.Object({ id: Type.Optional(Type.Integer()) })),
      jvm: Type.Optional(
        Type.Object({ version: Type.Optional(Type.String()), input_arguments: Type.Optional(Type.Array(Type.String())) }),
      ),
      build_flavor: Type.Optional(Type.String()),
      plugins: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
      modules: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
    }),
  ),
});

export const NodeStats = Type.Object({
  nodes: Type.Record(
    Type.String(),
    Type.Object({
      jvm: Type.Optional(Type.Object({ mem: Type.Object({ heap_used_percent: Type.Optional(Type.Number()) }) })),
      fs: Type.Optional(
        Type.Object({
          data: Type.Optional(
            Type.Array(
              Type.Object({
                total_in_bytes: Type.Optional(Type.Number()),
                available_in_bytes: Type.Optional(Type.Number()),
              }),
            ),
          ),
        }),
      ),
    }),
  ),
});

export const Settings = Type.Object({ persistent: Anything, transient: Anything });

export const Repositories = Type.Record(Type.String(), Type.Object({ type: Type.String() }));
export const SnapshotStatus = Type.Object({ snapshots: Type.Array(Type.Unknown()) });
export const Snapshots = Type.Object({
  snapshots: Type.Array(
    Type.Object({
      snapshot: Type.String(),
      state: Type.Optional(Type.String()),
      end_time_in_millis: Type.Optional(Type.Integer()),
      include_global_state: Type.Optional(Type.Boolean()),
    }),
  ),
});

const Deprecations = Type.Array(
  Type.Object({
    level: Type.String(),
    message: Type.String(),
    resolve_during_rolling_upgrade: Type.Optional(Type.Boolean()),
  }),
);
export const DeprecationInfo = Type.Object({
  cluster_settings: Deprecations,
  index_settings: Type.Record(Type.String(), Deprecations),
  node_settings: Type.Optional(Deprecations),
  ml_settings: Type.Optional(Deprecations),
  data_streams: Type.Optional(Type.Record(Type.String(), Deprecations)),
  templates: Type.Optional(Type.Record(Type.String(), Deprecations)),
  ilm_policies: Type.Optional(Type.Record(Type.String(), Deprecations)),
});

export const SystemFeatures = Type.Object({
  features: Type.Array(Type.Unknown()),
  migration_status: Type.Union([
    Type.Literal('MIGRATION_NEEDED'),
    Type.Literal('NO_MIGRATION_NEEDED'),
    Type.Literal('IN_PROGRESS'),
    Type.Literal('ERROR'),
  ]),
});

export const MlInfo = Type.Object({ defaults: Anything, limits: Anything, upgrade_mode: Type.Optional(Type.Boolean()) });
export const MlJobs = Type.Object({
  count: Count,
  jobs: Type.Optional(Type.Array(Type.Object({ job_id: Type.String(), state: Type.String() }))),
});
export const IlmStatus = Type.Object({ operation_mode: Type.String() });
/** `_nodes/shutdown` where there is no such call is read as a filter over nodes: 200, and `nodes` is no list. */
export const ShutdownRecords = Type.Object({
  nodes: Type.Array(Type.Object({ node_id: Type.String(), type: Type.String() })),
});
export const KnowsAMaster = Type.Object({ master_node: Type.String() });

export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unfit'; readonly because: string }
  | { readonly kind: 'not-answered'; readonly answer: Exclude<Answer, { kind: 'ok' }> };

/** A function that takes an answer for what the schema says, or tells which part of it is otherwise. */
export function reader<S extends TSchema>(what: string, schema: S): (answer: Answer) => Read<Static<S>> {
  // When something is read by it for the first time: all of them together would hold up the start of a server.
  const compile = () => Compile(schema);
  let compiled: ReturnType<typeof compile> | null = null;
  return (answer) => {
    if (answer.kind !== 'ok') return { kind: 'not-answered', answer };
    compiled ??= compile();
    const { body } = answer;
    if (compiled.Check(body)) return { kind: 'read', value: body as Static<S> };
    const [first] = compiled.Errors(body);
    const where = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    return {
      kind: 'unfit',
      because: `${what} is not as expected: ${where === '' ? '' : `${where} `}${first?.message ?? ''}`.trim(),
    };
  };
}
