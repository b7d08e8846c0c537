import { AliyunRig, EksRig } from '../test/rig/index.ts';
import type { Stage, Story, Told } from './story.ts';

/** Simulated clusters of a demo live that much faster than the clock; a new control plane is watched by the clock of the server. */
const speed = { 'clusterlift:speed': '60' };
const soak = { 'clusterlift:soak-seconds': '10' };
const createTimeoutMs = 60_000;
const hopTimeoutMs = 100_000;
const nothingMissing = async () => [];

/** The same stories where nothing real can be started: the same calls, and clusters that run nothing. */
export const simulatedStories: readonly Story[] = [
  {
    name: 'elasticsearch',
    says: 'Clusterlift lifts a SIMULATED Elasticsearch cluster, 5.5.3 → 5.6.16 → 6.3.2 → 6.7.0. Nothing of it is real.',
    prepare: nothingMissing,
    tell: tellElasticsearch,
  },
  {
    name: 'kubernetes',
    says: 'Clusterlift lifts a SIMULATED control plane, 1.34 → 1.35. Nothing of it is real.',
    prepare: nothingMissing,
    tell: tellKubernetes,
  },
];

interface SimulatedHop {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly ended: string;
}

async function tellElasticsearch({ screen, server }: Stage): Promise<Told> {
  const aliyun = new AliyunRig(server);
  screen.line(`  ${screen.good('✔')} calls are made by the official JavaScript SDK`);
  const id = await screen.step('createInstance, three simulated nodes', async () => {
    const made = await aliyun.create({ name: 'demo', version: '5.5.3', tags: speed });
    await aliyun.waitActive(made, createTimeoutMs);
    return made;
  });
  const hops: SimulatedHop[] = [];
  for (const [from, to] of [
    ['5.5.3', '5.6.16'],
    ['5.6.16', '6.3.2'],
    ['6.3.2', '6.7.0'],
  ] as const) {
    await aliyun.snapshot(id);
    await screen.step(`UpgradeEngineVersion to ${to}: dry run`, () => aliyun.dryRunUntilPassed(id, to, hopTimeoutMs));
    const hop = async () => {
      await aliyun.start(id, to);
      await aliyun.waitActive(id, hopTimeoutMs);
      return (await aliyun.status(id)).version;
    };
    hops.push(await screen.step(`UpgradeEngineVersion to ${to}: node by node`, () => timed(from, to, hop)));
  }
  return toldOf(hops, ({ ended, to }) => ended.startsWith(to), `node bin/clusterlift.js cluster show ${id}`);
}

async function tellKubernetes({ screen, server }: Stage): Promise<Told> {
  const eks = new EksRig(server);
  screen.line(`  ${screen.good('✔')} calls are made by the official JavaScript SDK`);
  await screen.step('CreateCluster, a simulated control plane', async () => {
    await eks.create({ name: 'demo', version: '1.34', tags: { ...speed, ...soak } });
    await eks.waitActive('demo', createTimeoutMs);
  });
  const hop = async () => {
    const { id = '' } = await eks.startUpdate('demo', '1.35');
    const { status, errors } = await eks.waitUpdate('demo', id, hopTimeoutMs);
    return status === 'Successful' ? status : `${status}: ${errors?.[0]?.errorMessage ?? ''}`;
  };
  const ended = await screen.step('UpdateClusterVersion to 1.35', () => timed('1.34', '1.35', hop));
  return toldOf([ended], (one) => one.ended === 'Successful', 'node bin/clusterlift.js cluster show demo');
}

async function timed(from: string, to: string, hop: () => Promise<string>): Promise<SimulatedHop> {
  const began = performance.now();
  const ended = await hop();
  return { from, to, seconds: Math.round((performance.now() - began) / 1000), ended };
}

function toldOf(hops: readonly SimulatedHop[], isDone: (hop: SimulatedHop) => boolean, next: string): Told {
  return {
    whole: hops.every(isDone),
    table: [
      ...hops.map(({ from, to, seconds, ended }) => `  ${from} → ${to}   ${seconds} s   ${ended}`),
      '  All of this was simulated: the calls were real, the clusters were not, and no load ran on them.',
    ],
    wrong: hops.filter((hop) => !isDone(hop)).map(({ to, ended }) => `to ${to}: ${ended}`),
    report: { simulated: true, hops },
    next: [next],
  };
}
