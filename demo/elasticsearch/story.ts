import { setTimeout as pause } from 'node:timers/promises';
import { bulkLoad, compareDocuments, createIndex, type Figures, LoadClient } from '../../test/load/index.ts';
import { AliyunRig, type DryRunItem, missingTools, NativeRig, NodesRig } from '../../test/rig/index.ts';
import { followUpgrade } from '../follow.ts';
import type { Screen } from '../screen.ts';
import type { Stage, Story, Told } from '../story.ts';
import { type DemoResult, type HopResult, isWhole, reportOf, tableOf } from './table.ts';

const hops = [
  { from: '5.5.3', to: '5.6.16' },
  { from: '5.6.16', to: '6.3.2' },
  { from: '6.3.2', to: '6.7.0' },
] as const;

const first = hops[0].from;
const indices = ['books', 'films', 'songs'];
const documentsEach = 3_000;
const createTimeoutMs = 5 * 60_000;
const trialTimeoutMs = 5 * 60_000;
/** The client goes on a little before the first hop and after the last, so that both ends are seen. */
const calmMs = 3_000;

export const elasticsearchStory: Story = {
  name: 'elasticsearch',
  says: 'Clusterlift lifts a real Elasticsearch cluster, 5.5.3 → 5.6.16 → 6.3.2 → 6.7.0, while it serves.',
  prepare: async () => missingTools(['java', 'mvn']).map(({ says, remedy }) => `${says} ${remedy}`),
  tell,
};

interface Lifted extends DemoResult {
  readonly instanceId: string;
  readonly addresses: readonly string[];
}

async function tell(stage: Stage): Promise<Told> {
  const lifted = await lift(stage);
  const { client, documents, instanceId, addresses } = lifted;
  return {
    whole: isWhole(lifted),
    table: tableOf(lifted),
    wrong: [...client.failures, ...documents.lost, ...documents.differing],
    report: reportOf(lifted),
    next: [
      'node bin/clusterlift.js cluster list',
      `node bin/clusterlift.js plan ${instanceId} 7.17.29`,
      `node bin/clusterlift.js upgrade start ${instanceId} 6.8.23 && node bin/clusterlift.js upgrade list`,
      `curl ${addresses[0] ?? ''}/_cat/nodes?v`,
    ],
  };
}

/** From nothing to 6.7.0. */
async function lift(stage: Stage): Promise<Lifted> {
  const { screen, server } = stage;
  const aliyun = new AliyunRig(server);
  const instanceId = await screen.step(
    `createInstance, found again by ListInstance`,
    () => aliyun.create({ name: 'demo', version: first, nodes: 3 }),
    (id) => `createInstance, found again by ListInstance: ${id}`,
  );
  const nodes = await screen.step(
    `three nodes of Elasticsearch ${first} start`,
    async () => {
      await aliyun.waitActive(instanceId, createTimeoutMs);
      return new NodesRig(await aliyun.addresses(instanceId));
    },
    (found) => `three nodes of Elasticsearch ${first} serve at ${found.urls.join(', ')}`,
  );
  const client = new LoadClient({ nodes: nodes.urls, index: 'visits', version: first });
  try {
    await fill(stage, client);
    client.start();
    screen.line(`  ${screen.good('✔')} a client writes and reads 25 times a second, and goes on to the end`);
    await snapshotStory(stage, aliyun, instanceId, client);
    const done: HopResult[] = [];
    for (const hop of hops) done.push(await tellHop(stage, { aliyun, instanceId, nodes, client, hop }));
    await pause(calmMs, undefined, { signal: stage.signal });
    await client.stop();
    const documents = await screen.step('every document is read back and compared', () =>
      compareDocuments(client.transport, client.documents),
    );
    return { hops: done, client: client.figures(), documents, instanceId, addresses: nodes.urls };
  } finally {
    await client.stop();
    await client.close();
  }
}

async function fill({ screen }: Stage, client: LoadClient): Promise<void> {
  await screen.step(
    `${indices.length} indices with replicas and ${(indices.length * documentsEach).toLocaleString('en')} documents`,
    async () => {
      await client.prepare();
      for (const index of indices) {
        await createIndex(client.transport, index, { shards: 3, replicas: 1 });
        await bulkLoad(client.transport, client.documents, { index, count: documentsEach, version: first });
      }
    },
  );
}

/** A dry run fails for want of a snapshot; one is taken. */
async function snapshotStory(
  { screen, signal }: Stage,
  aliyun: AliyunRig,
  instanceId: string,
  client: LoadClient,
): Promise<void> {
  await pause(calmMs, undefined, { signal });
  screen.heading(`UpgradeEngineVersion to ${hops[0].to}, dryRun=true`);
  for (const line of showItems(screen, await aliyun.dryRun(instanceId, hops[0].to))) screen.line(line);
  screen.line();
  await screen.step('CreateSnapshot', () => aliyun.snapshot(instanceId));
  screen.line(`    ${clientLine(screen, client.figures())}`);
}

interface HopWhat {
  readonly aliyun: AliyunRig;
  readonly instanceId: string;
  readonly nodes: NodesRig;
  readonly client: LoadClient;
  readonly hop: { readonly from: string; readonly to: string };
}

async function tellHop(stage: Stage, { aliyun, instanceId, nodes, client, hop }: HopWhat): Promise<HopResult> {
  const { screen, server, signal } = stage;
  screen.heading(`${hop.from} → ${hop.to}`);
  await dryRunUntilPassed(stage, aliyun, instanceId, hop.to, client);
  const since = client.now();
  const began = performance.now();
  await aliyun.start(instanceId, hop.to);
  screen.line(`  ${screen.good('✔')} UpgradeEngineVersion, dryRun=false: accepted`);
  const { upgrade: end } = await followUpgrade(screen, {
    native: new NativeRig(server),
    clusterId: instanceId,
    versions: () => nodes.versions(),
    isThere: (version) => version === hop.to,
    client: () => clientLine(screen, client.figures(since)),
    signal,
  });
  const seconds = (performance.now() - began) / 1000;
  const figures = client.figures(since);
  if (end.status !== 'done')
    throw new Error(`The upgrade to ${hop.to} is ${end.status}: ${end.reason?.says ?? ''} ${end.reason?.clearedBy ?? ''}`);
  const shown = await aliyun.status(instanceId);
  screen.line(
    `  ${screen.good('✔')} DescribeInstance: ${shown.version}, ${shown.status}; ${seconds.toFixed(1)} s. ${clientLine(screen, figures)}`,
  );
  return { from: hop.from, to: hop.to, seconds: Math.round(seconds * 10) / 10, client: figures };
}

/** Asks until all four items pass, with what is still missing drawn meanwhile. */
async function dryRunUntilPassed(
  { screen, signal }: Stage,
  aliyun: AliyunRig,
  instanceId: string,
  to: string,
  client: LoadClient,
): Promise<void> {
  const began = performance.now();
  let items: readonly DryRunItem[] = [];
  screen.live(() => [
    ...showItems(screen, items),
    `    ${screen.spinner()} dry run, ${Math.round((performance.now() - began) / 1000)} s`,
    `    ${clientLine(screen, client.figures())}`,
  ]);
  try {
    await aliyun.dryRunUntilPassed(instanceId, to, trialTimeoutMs, (now) => {
      signal.throwIfAborted();
      items = now;
    });
  } finally {
    screen.live(null);
  }
  screen.line(
    `  UpgradeEngineVersion to ${to}, dryRun=true ${screen.dim(`${((performance.now() - began) / 1000).toFixed(1)} s`)}`,
  );
  for (const line of showItems(screen, items)) screen.line(line);
}

function showItems(screen: Screen, items: readonly DryRunItem[]): readonly string[] {
  return items.flatMap((item) => [
    `    ${item.status === 'success' ? screen.good('✔') : screen.bad('✖')} ${item.validateType}`,
    ...item.errors.map((error) => `        ${error.errorType} ${error.errorCode}: ${error.errorMsg}`),
  ]);
}

function clientLine(screen: Screen, figures: Figures): string {
  const failed = figures.failed === 0 ? screen.good('0 failed') : screen.bad(`${figures.failed} failed`);
  return `client: ${figures.requests.toLocaleString('en')} requests, ${figures.retried} retried, ${failed}, p99 ${figures.p99Ms} ms, longest gap ${figures.longestGapMs} ms`;
}
