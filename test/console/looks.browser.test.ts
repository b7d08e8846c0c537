import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessibilityFaults,
  type ConsolePage,
  type ConsoleRig,
  expectNoComplaints,
  makeElasticsearch,
  makeKubernetes,
  overhangPx,
  signedIn,
  startConsole,
} from './rig.ts';

let rig: ConsoleRig;
let clusterId: string;
let planeId: string;

beforeAll(async () => {
  rig = await startConsole('console-look');
  const nodes = ['a', 'b', 'c'].map((zone) => ({ name: `logs-${zone}`, zone: `zone-${zone}` }));
  [clusterId, planeId] = await Promise.all([
    makeElasticsearch(rig, { name: 'logs', version: '6.3.2', nodes }),
    makeKubernetes(rig, 'web', '1.30'),
  ]);
});
afterAll(async () => rig?.end());

const phone = { width: 380, height: 720 };
const clusterCount = 500;

/** As the server tells them, but many: what is asked is whether the page copes. */
async function withManyClusters(page: ConsolePage): Promise<void> {
  await page.route('**/api/v1/clusters', async (route) => {
    const response = await route.fetch();
    const { clusters } = (await response.json()) as { clusters: readonly { readonly name: string }[] };
    const [one] = clusters;
    const many = Array.from({ length: clusterCount }, (_, index) => ({
      ...one,
      id: `es-cn-${index}`,
      name: `cluster-${String(index).padStart(3, '0')}`,
      release: { version: index % 2 === 0 ? '6.3.2' : '8.17.0', build: null },
      status: index === 77 ? 'stopped' : 'active',
    }));
    await route.fulfill({ response, json: { clusters: many } });
  });
}

describe('the look of the console', () => {
  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds wrong, in %s, at a desk and on a phone',
    async (colorScheme) => {
      const page = await rig.newPage({ colorScheme });
      const faults: string[] = [];
      const look = async (where: string) => {
        for (const viewport of [{ width: 1280, height: 800 }, phone]) {
          await page.setViewportSize(viewport);
          faults.push(...(await accessibilityFaults(page)).map((fault) => `${where}, ${viewport.width} wide: ${fault}`));
          const overhang = await overhangPx(page);
          if (overhang > 0) faults.push(`${where}, ${viewport.width} wide: ${overhang} px of it hang over`);
        }
      };
      await page.goto('/console/');
      await page.getByRole('heading', { level: 1, name: 'Sign in to Clusterlift' }).waitFor();
      await look('sign-in');
      await signedIn(page, rig.server, '/', 'Overview');
      await page.getByRole('link', { name: 'logs' }).waitFor();
      await look('overview');
      for (const [id, settled] of [
        [clusterId, 'Green: every copy of every shard is there'],
        [planeId, 'Used during upgrades'],
      ] as const) {
        await page.goto(`/console/clusters/${id}`);
        await page.getByText(settled).waitFor();
        await look(`cluster ${id}`);
      }
      expect(faults).toEqual([]);
      expectNoComplaints(page);
      await page.context().close();
    },
  );

  it('is dark where the system is, and as was chosen from then on', async () => {
    const page = await rig.newPage({ colorScheme: 'dark' });
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    await signedIn(page, rig.server, '/', 'Overview');
    const dark = await ground();
    await page.getByLabel('Theme').selectOption('light');
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(await ground()).toBe(light);
    await page.getByLabel('Theme').selectOption('system');
    expect(await ground()).toBe(dark);
    await page.context().close();
  });

  it('finds, orders and opens one of five hundred clusters with the keyboard alone', async () => {
    const page = await rig.newPage();
    await withManyClusters(page);
    const began = performance.now();
    await signedIn(page, rig.server, '/', 'Overview');
    const rows = page.locator('tbody tr');
    await rows.nth(clusterCount - 1).waitFor();
    console.info(`from the address to ${clusterCount} clusters: ${Math.round(performance.now() - began)} ms`);
    // Who needs a person stands first.
    expect(await rows.first().innerText()).toContain('cluster-077');
    expect(await page.getByRole('button', { name: 'Need a person' }).innerText()).toBe('1 Need a person');

    await page.keyboard.press('/');
    await page.keyboard.type('8.17 cluster-1');
    await page.getByText('50 clusters are shown').waitFor({ state: 'attached' });
    const names = await page.locator('.cluster-link').allInnerTexts();
    expect(names).toEqual(Array.from({ length: 50 }, (_, index) => `cluster-${101 + 2 * index}`));
    expect(new URL(page.url()).searchParams.get('q')).toBe('8.17 cluster-1');

    await page.getByRole('button', { name: 'Cluster', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort="descending"]').waitFor();
    expect(await page.locator('.cluster-link').first().innerText()).toBe('cluster-199');
    await page.locator('.cluster-link').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/clusters/es-cn-195');
    await page.context().close();
  });
});
