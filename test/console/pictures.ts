/**
 * The pictures of the console in the documents, taken anew: `node --import tsx test/console/pictures.ts`. They show a server that
 * simulates; look at them before they are committed.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../rig/index.ts';
import { setup } from './build.ts';
import { type ConsoleRig, makeElasticsearch, makeKubernetes, signedIn, startConsole } from './rig.ts';

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const underWayTimeoutMs = 120_000;
const zones = ['a', 'b', 'c'];
const nodesOf = (name: string) =>
  zones.flatMap((zone) => [1, 2].map((number) => ({ name: `${name}-${zone}${number}`, zone: `zone-${zone}` })));

await setup();
await mkdir(folder, { recursive: true });
const rig = await startConsole('pictures');
try {
  await takePictures(rig);
} finally {
  await rig.end();
}

async function takePictures(console: ConsoleRig): Promise<void> {
  const [search, , broken] = await Promise.all([
    makeElasticsearch(console, {
      name: 'search',
      version: '6.3.2',
      nodes: nodesOf('search'),
      tags: { 'clusterlift:speed': '5' },
    }),
    makeElasticsearch(console, { name: 'logs', version: '8.17.0', nodes: nodesOf('logs') }),
    makeElasticsearch(console, {
      name: 'orders',
      version: '6.7.0',
      nodes: nodesOf('orders'),
      tags: { 'clusterlift:fail': 'node-does-not-rejoin' },
    }),
    makeKubernetes(console, 'payments', '1.34'),
    makeKubernetes(console, 'web', '1.36'),
  ]);
  const page = await console.newPage({ deviceScaleFactor: 1.5 });
  const take = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  await signedIn(page, console.server, `/clusters/${search}/plan?to=6.7.0`, 'Plan an upgrade of search');
  await page.getByText('es.snapshot-is-recent').first().waitFor();
  await take('plan');
  await lift(console, broken, '6.8.23');
  const upgradeId = await lift(console, search, '6.7.0');
  await eventually('an upgrade is in the midst of it, and another one needs a person', underWayTimeoutMs, async () => {
    const events = await console.native.events(upgradeId, 0);
    const { status } = await console.native.cluster(broken);
    return events.filter(({ move }) => move === 'lift-member').length > 3 && status === 'stopped' ? events : undefined;
  });
  // Each with what is read last on the page.
  for (const [name, path, last] of [
    ['overview', '/', /in hand/],
    ['upgrade', `/upgrades/${upgradeId}`, 'Members over time'],
    ['cluster', `/clusters/${broken}`, 'Away'],
  ] as const) {
    await page.goto(`/console${path}`);
    await page.getByText(last).first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page
      .getByText(/Loading|…/)
      .first()
      .waitFor({ state: 'detached' });
    await take(name);
  }
}

/** Started with everything accepted that a person may accept. */
async function lift({ native }: ConsoleRig, clusterId: string, version: string): Promise<string> {
  const plan = await native.plan(clusterId, version);
  const accepted = plan.findings.filter(({ kind }) => kind === 'policy').map(({ check }) => check);
  const notRun = plan.reports.filter(({ result }) => result.kind === 'could-not-run').map(({ check }) => check);
  return (await native.start(plan.id, [...new Set([...accepted, ...notRun])])).id;
}
