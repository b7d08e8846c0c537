import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleRig, expectNoComplaints, fillIn, makeElasticsearch, makeKubernetes, signedIn, startConsole } from './rig.ts';

let rig: ConsoleRig;

beforeAll(async () => {
  rig = await startConsole('console-in');
});
afterAll(async () => rig?.end());

const zones = ['a', 'b', 'c'];
const nodes = zones.flatMap((zone) => [1, 2].map((number) => ({ name: `search-${zone}${number}`, zone: `zone-${zone}` })));

describe('the way into the console', () => {
  it('leads from the sign-in to the overview and on to a cluster, whose address can be opened again', async () => {
    const [search] = await Promise.all([
      makeElasticsearch(rig, { name: 'search', version: '6.3.2', nodes }),
      makeKubernetes(rig, 'payments', '1.34'),
    ]);
    const page = await rig.newPage();
    const began = performance.now();
    await signedIn(page, rig.server, '/', 'Overview');
    await page.getByRole('link', { name: 'search', exact: true }).waitFor();
    console.info(`from the address to the overview: ${Math.round(performance.now() - began)} ms`);
    const rows = await page.getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((row) => row.split('\n')[0])).toEqual(['payments', 'search']);
    expect(rows[1]).toContain('1.34');
    expect(rows[2]).toMatch(/6\.3\.2[\s\S]*Active[\s\S]*6[\s\S]*in 3 zones/);

    await page.getByRole('link', { name: 'search', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'search' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/clusters/${search}`);
    for (const zone of zones) {
      const group = page.getByRole('region', { name: `zone-${zone}` });
      await group.getByText('In the cluster').nth(1).waitFor();
      expect(await group.getByRole('listitem').allInnerTexts()).toEqual(
        [1, 2].map((number) => expect.stringMatching(new RegExp(`^search-${zone}${number}\\s+6\\.3\\.2`))),
      );
    }
    await page.getByText('Green: every copy of every shard is there').waitFor();

    // The address alone leads there as well, and the session is the browser's.
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'search' }).waitFor();
    expectNoComplaints(page);
    await page.context().close();
  });

  it('tells what an upgrade would be held by, with its remedy', async () => {
    const id = await makeElasticsearch(rig, { name: 'asked', version: '6.3.2', nodes: nodes.slice(0, 3) });
    const page = await rig.newPage();
    await signedIn(page, rig.server, `/clusters/${id}`, 'asked');
    await page.getByLabel('Would an upgrade go through to').selectOption('6.7.0');
    await page.getByRole('button', { name: 'Check' }).click();
    const finding = page.getByRole('article').filter({ hasText: 'es.snapshot-is-recent' });
    await finding.waitFor();
    expect(await finding.innerText()).toMatch(/To be accepted by name[\s\S]*Remedy: Take a snapshot now/);
    expectNoComplaints(page);
    await page.context().close();
  });

  it('stays shut for a wrong secret, says so, and opens for the right one', async () => {
    const page = await rig.newPage();
    await page.goto('/console/releases');
    await fillIn(page, rig.server.keyId, 'not-the-secret-of-this-key');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('not an active access key');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.context().cookies()).toEqual([]);

    await fillIn(page, rig.server.keyId, rig.server.secret);
    // It leads to the page that was wanted first.
    await page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'clusterlift_session', httpOnly: true, sameSite: 'Strict' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in to Clusterlift' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  });

  it('goes on by itself when the server was killed and is there again', async () => {
    const page = await rig.newPage();
    await signedIn(page, rig.server, '/', 'Overview');
    await page.getByText('Live', { exact: true }).waitFor();
    // Lost with every load of the page.
    await page.evaluate('globalThis.loadedOnce = true');
    await rig.server.kill();
    await page.getByText('Reconnecting').waitFor();
    expect(await page.getByRole('heading', { level: 1, name: 'Overview' }).isVisible()).toBe(true);

    await rig.server.start();
    await page.getByText('Live', { exact: true }).waitFor();
    const id = await makeElasticsearch(rig, { name: 'made-afterwards', version: '6.3.2', nodes: nodes.slice(0, 3) });
    await page.getByRole('link', { name: 'made-afterwards' }).click();
    await page.getByRole('heading', { level: 1, name: 'made-afterwards' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/clusters/${id}`);
    expect(await page.evaluate('globalThis.loadedOnce')).toBe(true);
    await page.context().close();
  });
});
