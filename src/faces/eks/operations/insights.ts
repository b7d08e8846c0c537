/** Insights: what our checks said of the next version, and of the way back, when they were last asked. */
import type { Instant, Plan, Release } from '../../../domain/index.ts';
import { compareVersions, edgesFrom } from '../../../domain/index.ts';
import { type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { ascending, pageOf } from '../paging.ts';
import { type Insight, insightShape, insightSummary, insightsOf } from '../translate/insight.ts';
import { seconds } from '../translate/moment.ts';
import { readListInsights } from '../wire/insights.ts';
import { type EksView, viewOf } from './own-cluster.ts';

const face = 'eks';
const recordKind = 'insights';
const recordId = 'latest';
/** Older ones are renewed before they are told. */
const freshMs = 24 * 60 * 60_000;
/** A refresh that has not ended by then was cut off. */
const refreshLimitMs = 5 * 60_000;

interface StoredInsights {
  readonly status: 'IN_PROGRESS' | 'FAILED' | 'COMPLETED';
  readonly message: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  /** What the cluster ran. */
  readonly version: string | null;
  readonly insights: readonly Insight[];
}

export const listInsights: Operation = async (parts, call) => {
  const request = readListInsights(call.body);
  if (isError(request)) return request;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const { categories, kubernetesVersions, statuses } = request.filter ?? {};
  const fits = (wanted: readonly string[] | undefined, value: string) =>
    wanted === undefined || wanted.length === 0 || wanted.includes(value);
  const items = (await freshInsights(parts, call, view))
    .filter((insight) => fits(categories, insight.category))
    .filter((insight) => fits(kubernetesVersions, insight.kubernetesVersion) && fits(statuses, insight.status));
  const page = pageOf(
    call,
    { maxResults: request.maxResults, nextToken: request.nextToken },
    { items, keyOf, compare: ascending },
  );
  return isError(page) ? page : reply({ insights: page.items.map(insightSummary), nextToken: page.nextToken });
};

export const describeInsight: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const id = call.path.id ?? '';
  const insight = (await freshInsights(parts, call, view)).find((candidate) => candidate.id === id);
  if (insight !== undefined) return reply({ insight: insightShape(insight) });
  return fail('ResourceNotFoundException', `No insight found for ID: ${id}`, { clusterName: view.cluster.name });
};

/** Answers at once; what the checks say is there when the refresh is COMPLETED. */
export const startInsightsRefresh: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const before = await stored(parts, call, view);
  if (before === null || !isRunning(parts, before)) {
    const { began, work } = await begin(parts, call, view, before);
    work.catch((error: unknown) => parts.log.warn({ err: error }, 'A refresh of insights failed.'));
    return reply({ message: began.message, status: began.status });
  }
  return reply({ message: before.message, status: before.status });
};

export const describeInsightsRefresh: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const latest = await stored(parts, call, view);
  if (latest === null)
    return fail('ResourceNotFoundException', 'No insights refresh found. Start one first.', { clusterName: view.cluster.name });
  const cutOff = latest.status === 'IN_PROGRESS' && !isRunning(parts, latest);
  return reply({
    message: cutOff ? 'The refresh was cut off. Start another one.' : latest.message,
    status: cutOff ? 'FAILED' : latest.status,
    startedAt: seconds(latest.startedAt),
    endedAt: latest.endedAt === null ? null : seconds(latest.endedAt),
  });
};

/** What the checks found when an update was refused for it: the caller is sent to look at that. */
export async function keepInsights(parts: FaceParts, call: Call, view: EksView, plan: Plan): Promise<void> {
  const before = (await stored(parts, call, view))?.insights ?? [];
  const made = insightsOf(plan, before);
  const others = before.filter(({ category }) => category !== made[0]?.category);
  await store(parts, call, view, completed(plan.madeAt, parts.now(), view, [...made, ...others]));
}

async function freshInsights(parts: FaceParts, call: Call, view: EksView): Promise<readonly Insight[]> {
  const latest = await stored(parts, call, view);
  const fresh =
    latest?.status === 'COMPLETED' &&
    latest.version === view.release.version &&
    Date.parse(parts.now()) - Date.parse(latest.endedAt ?? latest.startedAt) < freshMs;
  if (fresh || view.status !== 'active') return sorted(latest?.insights ?? []);
  const { work } = await begin(parts, call, view, latest);
  return sorted((await work).insights);
}

function keyOf({ category, check }: Insight): string {
  return `${category} ${check}`;
}

function sorted(insights: readonly Insight[]): readonly Insight[] {
  return [...insights].sort((a, b) => ascending(keyOf(a), keyOf(b)));
}

function isRunning(parts: FaceParts, { status, startedAt }: StoredInsights): boolean {
  return status === 'IN_PROGRESS' && Date.parse(parts.now()) - Date.parse(startedAt) < refreshLimitMs;
}

async function begin(parts: FaceParts, call: Call, view: EksView, before: StoredInsights | null) {
  const insights = before?.insights ?? [];
  const version = before?.version ?? null;
  const startedAt = parts.now();
  const message = 'Insights refresh is in progress.';
  const began: StoredInsights = { status: 'IN_PROGRESS', message, startedAt, endedAt: null, version, insights };
  await store(parts, call, view, began);
  return { began, work: refresh(parts, call, view, began) };
}

/** Every way that leads on from the cluster's version and the one back, asked anew. What cannot be asked keeps what was known. */
async function refresh(parts: FaceParts, call: Call, view: EksView, began: StoredInsights): Promise<StoredInsights> {
  const insights: Insight[] = [];
  const troubles: string[] = [];
  for (const to of targets(parts, view)) {
    const result = await parts.control.planUpgrade(call.caller, view.cluster.id, to);
    if (result.kind === 'planned') insights.push(...insightsOf(result.plan, began.insights));
    else troubles.push(troubleOf(result));
  }
  const ended: StoredInsights =
    troubles.length > 0
      ? { ...began, status: 'FAILED', message: troubles.join(' '), endedAt: parts.now() }
      : completed(began.startedAt, parts.now(), view, insights);
  await store(parts, call, view, ended);
  return ended;
}

function targets({ catalog }: FaceParts, { cluster, release }: EksView): readonly Release[] {
  const [next] = edgesFrom(catalog, release.version);
  const back = catalog.edges.find(
    ({ from, to, back }) => back === true && from === release.version && compareVersions(to, cluster.spec.firstVersion) >= 0,
  );
  return [next, back].flatMap((edge) => (edge === undefined ? [] : [{ version: edge.to, build: null }]));
}

function troubleOf(result: Exclude<Awaited<ReturnType<FaceParts['control']['planUpgrade']>>, { kind: 'planned' }>): string {
  switch (result.kind) {
    case 'not-found':
      return 'The cluster is gone.';
    case 'upgrade-unfinished':
      return 'An update of the cluster is in progress.';
    case 'not-ready':
      return result.says;
    case 'unreachable':
      return `The cluster cannot be reached: ${result.because}`;
    case 'no-route':
      return 'There is no way to the next version any more.';
  }
}

function completed(startedAt: Instant, endedAt: Instant, view: EksView, insights: readonly Insight[]): StoredInsights {
  const message = 'Insights refresh completed.';
  return { status: 'COMPLETED', message, startedAt, endedAt, version: view.release.version, insights };
}

async function stored(parts: FaceParts, call: Call, view: EksView): Promise<StoredInsights | null> {
  const record = await parts.control.getFaceRecord(call.caller, view.cluster.id, face, recordKind, recordId);
  return record === undefined ? null : (record.value as StoredInsights);
}

async function store(parts: FaceParts, call: Call, view: EksView, value: StoredInsights): Promise<void> {
  await parts.control.putFaceRecord(call.caller, { clusterId: view.cluster.id, face, kind: recordKind, id: recordId, value });
}
