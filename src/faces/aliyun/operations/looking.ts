/** What is seen of an instance's cluster right now. */
import {
  type EngineCall,
  elasticsearchSpec,
  type Observation,
  type SeenElasticsearch,
  type SeenNode,
} from '../../../domain/index.ts';
import { type Call, type FaceParts, type Operation, queryValue, type Reply, reply } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { inTime } from './in-time.ts';
import { viewOf } from './instances.ts';
import { isError, pageOf } from './parameters.ts';

const usualPluginPage = 10;
/** A look may take this long: the official SDKs give up after 3 s. */
const lookTimeoutMs = 2_500;
const slow = fail('ServiceUnavailable', 'The cluster answers slowly.');

export const describeHealth: Operation = async (parts, call) => {
  const seen = await look(parts, call);
  return isError(seen) ? seen : reply(seen.health.status.toUpperCase(), { Code: '200', Message: 'success' });
};

export const listAllNode: Operation = async (parts, call) => {
  const view = await viewOf(parts, call);
  if (isError(view)) return view;
  const seen = await look(parts, call);
  return reply(
    elasticsearchSpec(view.cluster).nodes.map((spec) => {
      const url = new URL(spec.url || 'http://127.0.0.1:0');
      const node = isError(seen) ? undefined : seen.nodes.find((candidate) => candidate.name === spec.name);
      return {
        host: url.hostname,
        port: Number(url.port) || spec.httpPort,
        nodeType: spec.roles.includes('data') ? 'WORKER' : 'MASTER',
        health: healthOf(seen, node),
        cpuPercent: '',
        heapPercent: percent(node?.heapUsedPercent ?? null),
        diskUsedPercent: percent(node?.diskUsedPercent ?? null),
        loadOneM: '',
        zoneId: spec.zone ?? `${view.cluster.region}-a`,
        nodeName: spec.name,
        nodeVersion: node?.version ?? '',
      };
    }),
  );
};

export const listPlugins: Operation = async (parts, call) => {
  const seen = await look(parts, call);
  if (isError(seen)) return seen;
  const wanted = queryValue(call, 'name') ?? '';
  const names = [...new Set(seen.nodes.flatMap((node) => node.plugins))].filter((name) => name.includes(wanted)).sort();
  const page = pageOf(names, call, usualPluginPage);
  if (isError(page)) return page;
  return reply(
    page.map((name) => ({ name, state: 'INSTALLED', source: 'SYSTEM', description: '', specificationUrl: '' })),
    { Headers: { 'X-Total-Count': names.length } },
  );
};

interface Recovery {
  readonly index: string;
  readonly stage: string;
  readonly source: { readonly name: string; readonly host: string } | null;
  readonly target: { readonly name: string; readonly host: string };
  readonly bytes: { readonly total: number; readonly recovered: number };
  readonly files: { readonly total: number; readonly recovered: number };
  readonly translogOps: { readonly total: number; readonly recovered: number };
}

export const listShardRecoveries: Operation = async (parts, call) => {
  const activeOnly = (queryValue(call, 'activeOnly') ?? 'true').toLowerCase() !== 'false';
  const ended = await ask(parts, call, { do: 'list-recoveries', activeOnly });
  if (isError(ended)) return ended;
  return reply(
    (ended.result as readonly Recovery[]).map((recovery) => ({
      index: recovery.index,
      stage: recovery.stage.toLowerCase(),
      sourceHost: recovery.source?.host ?? 'n/a',
      sourceNode: recovery.source?.name ?? 'n/a',
      targetHost: recovery.target.host,
      targetNode: recovery.target.name,
      filesTotal: recovery.files.total,
      filesPercent: share(recovery.files),
      bytesTotal: recovery.bytes.total,
      bytesPercent: share(recovery.bytes),
      translogOps: recovery.translogOps.total,
      translogOpsPercent: share(recovery.translogOps),
    })),
  );
};

async function look(parts: FaceParts, call: Call): Promise<SeenElasticsearch | ApiError> {
  const looking = parts.control.observeCluster(call.caller, call.path.InstanceId ?? '');
  const observation = await inTime(parts, looking, lookTimeoutMs, 'A look at a cluster');
  if (observation === 'late') return slow;
  if (observation === undefined) return fail('InstanceNotFound');
  const { cluster } = observation as Observation<SeenElasticsearch>;
  return cluster.kind === 'seen' ? cluster.seen : fail('ServiceUnavailable', `The cluster cannot be reached: ${cluster.because}`);
}

/** What the engine tells of a cluster, beside an upgrade. */
export async function ask(parts: FaceParts, call: Call, question: EngineCall): Promise<Reply | ApiError> {
  const asking = parts.control.engineCall(call.caller, call.path.InstanceId ?? '', question);
  const ended = await inTime(parts, asking, lookTimeoutMs, 'A question to a cluster');
  if (ended === 'late') return slow;
  if (ended.kind === 'not-found') return fail('InstanceNotFound');
  return ended.kind === 'refused' ? fail('ServiceUnavailable', ended.because) : reply(ended.value);
}

function healthOf(seen: SeenElasticsearch | ApiError, node: SeenNode | undefined): string {
  if (isError(seen) || node === undefined) return 'GRAY';
  return seen.health.status.toUpperCase();
}

function percent(value: number | null): string {
  return value === null ? '' : `${value}%`;
}

function share({ total, recovered }: { readonly total: number; readonly recovered: number }): string {
  return total === 0 ? '100.0%' : `${((recovered / total) * 100).toFixed(1)}%`;
}
