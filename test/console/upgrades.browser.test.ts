import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from './looked-at.ts';
import {
  type ConsolePage,
  type ConsoleRig,
  expectNoComplaints,
  makeElasticsearch,
  makeKubernetes,
  signedIn,
  startConsole,
} from './rig.ts';

let rig: ConsoleRig;

beforeAll(async () => {
  rig = await startConsole('console-up');
});
afterAll(async () => rig?.end());

const nodes = ['a', 'b', 'c'].map((zone) => ({ name: `node-${zone}`, zone: `zone-${zone}` }));
const snapshotCheck = 'es.snapshot-is-recent';

/** A cluster lives fast, and its server may have to share the machine with much else. */
const endedTimeoutMs = 150_000;
const storyTimeoutMs = 360_000;

/** The state of the upgrade, beside its title. */
const stateIs = (page: ConsolePage, says: string) =>
  page.locator('.page-title .badge').getByText(says, { exact: true }).waitFor({ timeout: endedTimeoutMs });

const button = (page: ConsolePage, name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });

/** What each member is said to be, zone by zone. */
async function mapOf(page: ConsolePage): Promise<readonly string[]> {
  return page.locator('.wave-map tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      // Which of two alike goes first hangs on who leads.
      const chips = [...row.querySelectorAll('.chip')].map((chip) => chip.textContent).sort();
      return `${row.querySelector('th')?.textContent}: ${chips.join(' and ')}`;
    }),
  );
}

async function plannedAndStarted(
  page: ConsolePage,
  clusterId: string,
  version: string,
  accepted: readonly string[],
): Promise<void> {
  await page.goto(`/console/clusters/${clusterId}/plan`);
  await page.getByLabel('Lift it to').selectOption(version);
  await button(page, 'Plan it').click();
  for (const check of accepted) await page.getByRole('checkbox', { name: `I accept ${check}` }).check();
  await button(page, 'Start the upgrade').click();
  await page.waitForURL('**/console/upgrades/*');
}

describe('an upgrade in the console', { timeout: storyTimeoutMs }, () => {
  it('is planned, accepted by name, started, followed to its end, and told of in a report', async () => {
    const id = await makeElasticsearch(rig, { name: 'logs', version: '6.3.2', nodes });
    const page = await rig.newPage();
    await signedIn(page, rig.server, `/clusters/${id}/plan`, 'Plan an upgrade of logs');
    await page.getByLabel('Lift it to').selectOption('6.7.0');
    await button(page, 'Plan it').click();

    const finding = page.getByRole('article').filter({ hasText: snapshotCheck });
    await finding.waitFor();
    expect(await finding.innerText()).toContain('Remedy: Take a snapshot now');
    const waves = page.getByRole('region', { name: 'Waves of 6.3.2 to 6.7.0' });
    expect(await waves.getByRole('columnheader').allInnerTexts()).toEqual(['Zone', 'Wave 1', 'Wave 2', 'Wave 3']);
    expect((await waves.getByRole('listitem').allInnerTexts()).sort()).toEqual(['node-a', 'node-b', 'node-c']);
    expect(await page.getByText('No way back:').count()).toBe(1);
    // What was planned has an address of its own.
    await page.reload();
    const start = button(page, 'Start the upgrade');
    await start.waitFor();
    expect(await start.getAttribute('aria-disabled')).toBe('true');
    expect(await start.innerText()).toContain(`Not now: Accept ${snapshotCheck} by name`);
    await start.click({ force: true });
    expect(await faultsOf(page, 'plan')).toEqual([]);
    expect((await rig.native.ask<{ upgrades: unknown[] }>('GET', `/upgrades?clusterId=${id}`)).upgrades).toEqual([]);

    await page.getByRole('checkbox', { name: `I accept ${snapshotCheck}` }).check();
    await start.click();
    await page.getByRole('heading', { level: 1, name: 'logs: 6.3.2 → 6.7.0' }).waitFor();
    await stateIs(page, 'Done');
    await page.getByText('Every member runs 6.7.0.').waitFor();
    expect(await mapOf(page)).toEqual(['a', 'b', 'c'].map((zone) => `zone-${zone}: node-${zone}, lifted`));
    const durations = page.getByRole('region', { name: 'How long each wave took' }).locator('tbody th');
    expect((await durations.allInnerTexts()).map((text) => text.replace(/^\d /, '')).sort()).toEqual([
      'node-a',
      'node-b',
      'node-c',
    ]);
    expect(await page.getByRole('img', { name: /^Members over time: of 3 now 0 run 6\.3\.2, 3 run 6\.7\.0\.$/ }).count()).toBe(1);
    expect(await button(page, 'Roll back').innerText()).toMatch(/Not now: .+/);
    expect(await faultsOf(page, 'done upgrade')).toEqual([]);

    await page.getByRole('link', { name: 'See what happened' }).click();
    await page.getByRole('heading', { level: 1, name: 'What happened: logs, 6.3.2 → 6.7.0' }).waitFor();
    await page.getByText(/^logs was lifted from 6\.3\.2 to 6\.7\.0 in \d+ s\.$/).waitFor();
    await page.getByText(`Accepted by name: ${snapshotCheck}`).waitFor();
    await page.getByText('Every member runs 6.7.0.').waitFor();
    expect(await faultsOf(page, 'report')).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
    expect(await page.getByText('Every member runs 6.7.0.').isVisible()).toBe(true);
    expectNoComplaints(page);
    await page.context().close();
  });

  it('that stops for a person says why and what to do, and goes on when that is done', async () => {
    const tags = { 'clusterlift:fail': 'node-does-not-rejoin' };
    const id = await makeElasticsearch(rig, { name: 'broken', version: '6.3.2', nodes, tags });
    const page = await rig.newPage();
    await signedIn(page, rig.server, '/', 'Overview');
    await plannedAndStarted(page, id, '6.7.0', [snapshotCheck]);
    await stateIs(page, 'Needs a person');
    const now = page.getByRole('region', { name: 'Now' });
    await now.getByText('It has stopped for a person').waitFor();
    const says = await now.locator('.note-bad').innerText();
    const [, member] = /^(node-[abc]) does not start at 6\.7\.0\./.exec(says) ?? [];
    expect(says).toContain('Mend what its last lines name, then resume the upgrade.');
    await now.getByText('What was seen').click();
    await now.getByText(/a simulated failure keeps \[node-[abc]\] from starting/).waitFor();
    expect((await mapOf(page)).filter((row) => !row.includes('to come'))).toEqual([
      `zone-${member?.at(-1)}: ${member}, needs a person`,
    ]);
    expect(await button(page, 'Pause').innerText()).toMatch(/Not now: .+/);
    expect(await button(page, 'Resume').getAttribute('aria-disabled')).toBe(null);
    expect(await faultsOf(page, 'stopped upgrade')).toEqual([]);

    await rig.native.ask('PATCH', `/clusters/${id}`, { tags: { ...tags, 'clusterlift:speed': '100', 'clusterlift:fail': '' } });
    await button(page, 'Resume').click();
    await stateIs(page, 'Done');
    await page.getByText('Resume, asked by').waitFor();
    expect(await mapOf(page)).toEqual(['a', 'b', 'c'].map((zone) => `zone-${zone}: node-${zone}, lifted`));
    expectNoComplaints(page);
    await page.context().close();
  });

  it('says what it waits for, is paused, outlives its server, and is cancelled after asking', async () => {
    const id = await makeKubernetes(rig, 'shop', '1.34');
    const page = await rig.newPage();
    await signedIn(page, rig.server, '/', 'Overview');
    await plannedAndStarted(page, id, '1.35', []);
    const now = page.getByRole('region', { name: 'Now' });
    // A new minor is watched for a minute, however fast the cluster lives: there is time to pause it.
    await now.getByText('they are watched for 60 seconds').waitFor();
    await now.getByText(/^It waits for \d+ s$/).waitFor();
    await button(page, 'Pause').click();
    await stateIs(page, 'Paused');
    expect(await mapOf(page)).toEqual([
      'kube-apiserver: apiserver-1, once more to come and apiserver-1, to come and apiserver-2, once more to come and apiserver-2, to come',
      'kube-controller-manager: controller-manager-1, to come and controller-manager-2, to come',
      'kube-scheduler: scheduler-1, to come and scheduler-2, to come',
    ]);
    expect(await button(page, 'Pause').innerText()).toMatch(/Not now: .+/);
    expect(await faultsOf(page, 'paused upgrade')).toEqual([]);
    expectNoComplaints(page);

    await rig.server.kill();
    await page.getByText('Reconnecting').waitFor();
    expect(await mapOf(page)).toHaveLength(3);
    await rig.server.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await stateIs(page, 'Paused');

    await button(page, 'Cancel').click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this upgrade?' });
    expect(await dialog.innerText()).toContain('may be left with mixed versions');
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await rig.native.latestUpgrade(id)).status).toBe('paused');
    await button(page, 'Cancel').click();
    await dialog.getByRole('button', { name: 'Cancel it' }).click();
    await stateIs(page, 'Cancelled');
    expect((await rig.native.latestUpgrade(id)).status).toBe('cancelled');
    await page.context().close();
  });
});
