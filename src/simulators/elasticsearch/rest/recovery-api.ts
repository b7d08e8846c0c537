import { memberById, type ShardCopy } from '../world/index.ts';
import { flag, type Handler, ok, type Site } from './answer.ts';

/** What a copy's data weighs and how it is made up: a simulated copy has none, so every one is the same. */
const bytes = 4096;
const files = 4;

/** `GET /_recovery`: copies on their way; those that have arrived only where `active_only` is not asked for. */
export const recoveries: Handler = (call, site) => {
  const activeOnly = flag(call, 'active_only');
  const shown = site.cluster.copies.filter((copy) => copy.recovery !== null || (!activeOnly && copy.state === 'STARTED'));
  const names = [...new Set(shown.map((copy) => copy.index))];
  return ok(
    Object.fromEntries(
      names.map((name) => [name, { shards: shown.filter((copy) => copy.index === name).map((copy) => show(copy, site)) }]),
    ),
  );
};

function show(copy: ShardCopy, site: Site) {
  const { recovery } = copy;
  const come = recovery ?? copy.arrived;
  const { nowMs } = site.world;
  const took = recovery === null ? 0 : nowMs - recovery.startedAtMs;
  const share = recovery === null ? 1 : Math.min(1, took / Math.max(1, recovery.endsAtMs - recovery.startedAtMs));
  return {
    id: copy.shard,
    type: come?.source ?? (copy.primary ? 'EXISTING_STORE' : 'PEER'),
    stage: recovery === null ? 'DONE' : 'INDEX',
    primary: copy.primary,
    start_time_in_millis: Math.round(site.nowWallMs() - took),
    total_time_in_millis: Math.round(took),
    source: end(come?.fromNodeId ?? null, site),
    target: end(copy.relocatingTo ?? copy.nodeId, site),
    index: {
      size: { total_in_bytes: bytes, reused_in_bytes: 0, recovered_in_bytes: Math.floor(bytes * share) },
      files: { total: files, reused: 0, recovered: Math.floor(files * share) },
    },
    translog: { total: 0, recovered: 0 },
  };
}

function end(nodeId: string | null, site: Site) {
  const node = memberById(site.world, site.cluster, nodeId);
  return node === undefined ? {} : { id: node.nodeId, host: '127.0.0.1', ip: '127.0.0.1', name: node.name };
}
