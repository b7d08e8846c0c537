import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ActContext, ActResult, ElasticsearchCluster, EngineIo, SeenElasticsearch } from '../../../domain/index.ts';
import { majorOf } from '../../../domain/index.ts';
import { ask, trouble } from '../client/index.ts';
import { fenced } from './fence.ts';
import { type Act, done, failed } from './move.ts';

/**
 * Up to this major a primary that stops while it replicates a write answers the client itself, with 500 `TransportService is
 * closed`; from 7 on its coordinating node tries again (server/.../ReplicationOperation.java of 6.8 and of 7.0).
 */
const lastMajorThatFailsWrites = 6;
/** A shard that moved between reading and asking refuses the whole request; it is read again this often. */
const attempts = 2;

const RoutingTable = Type.Object({
  routing_table: Type.Optional(
    Type.Object({
      indices: Type.Record(
        Type.String(),
        Type.Object({
          shards: Type.Record(
            Type.String(),
            Type.Array(
              Type.Object({
                state: Type.String(),
                primary: Type.Boolean(),
                node: Type.Optional(Type.Union([Type.String(), Type.Null()])),
              }),
            ),
          ),
        }),
      ),
    }),
  ),
});
const fields = ['state', 'primary', 'node'].map((field) => `routing_table.indices.*.shards.*.${field}`).join(',');

/** A copy of a shard; `node`: id of the node that holds it. */
export interface Copy {
  readonly index: string;
  readonly shard: number;
  readonly primary: boolean;
  readonly state: string;
  readonly node: string | null;
}

/**
 * Makes copies elsewhere the primaries of those shards whose primary is on a member that is about to stop, so that no write is
 * under way on a primary that stops: one whose primary is taken back is sent to the new one by the node that coordinates it.
 * What keeps a primary where it is costs at most a write that its client must repeat, so it holds nobody up.
 */
export const handOverPrimaries = fenced(async (move, context, io): Promise<ActResult> => {
  const leavers = leaving(move, context);
  if (leavers.length === 0) return done('');
  let answer: ActResult = done('');
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    answer = await handOver(leavers, context.cluster, io);
    if (answer.kind === 'done') break;
  }
  return answer;
});

/** Ids of the nodes that are about to stop, none where the version needs nothing done. */
function leaving(move: Act, { plan, ledger }: ActContext<SeenElasticsearch>): readonly string[] {
  const from = plan?.hops[ledger.hop]?.hop.from.version;
  if (from === undefined || majorOf(from) > lastMajorThatFailsWrites) return [];
  return move.on.flatMap(({ nodeId }) => nodeId ?? []);
}

async function handOver(leavers: readonly string[], cluster: ElasticsearchCluster, io: EngineIo): Promise<ActResult> {
  const read = await ask(cluster, io, { method: 'GET', path: `/_cluster/state/routing_table?filter_path=${fields}` });
  if (read.kind !== 'ok' || !Value.Check(RoutingTable, read.body))
    return failed(`Primaries were not handed over: ${trouble(read) || 'the routing table could not be read.'}`);
  const commands = primariesToHandOver(copiesOf(read.body), leavers).map(({ index, shard, node }) => ({
    cancel: { index, shard, node, allow_primary: true },
  }));
  if (commands.length === 0) return done('');
  const answer = await ask(cluster, io, { method: 'POST', path: '/_cluster/reroute?metric=none', body: { commands } });
  return answer.kind === 'ok'
    ? done(commands.length === 1 ? '1 primary handed over.' : `${commands.length} primaries handed over.`)
    : failed(`Primaries were not handed over: ${trouble(answer)}`);
}

function copiesOf({ routing_table: table }: Static<typeof RoutingTable>): readonly Copy[] {
  return Object.entries(table?.indices ?? {}).flatMap(([index, { shards }]) =>
    Object.entries(shards).flatMap(([shard, copies]) =>
      copies.map(({ state, primary, node }) => ({ index, shard: Number(shard), primary, state, node: node ?? null })),
    ),
  );
}

/** Started primaries on a node that leaves, which have a started copy on one that stays. */
export function primariesToHandOver(copies: readonly Copy[], leavers: readonly string[]): readonly Copy[] {
  const started = copies.filter(({ state }) => state === 'STARTED');
  const leaves = ({ node }: Copy) => node !== null && leavers.includes(node);
  const key = ({ index, shard }: Copy) => `${index}/${shard}`;
  const stays = ({ node }: Copy) => node !== null && !leavers.includes(node);
  const keptElsewhere = new Set(started.filter(stays).map(key));
  return started.filter((copy) => copy.primary && leaves(copy) && keptElsewhere.has(key(copy)));
}
