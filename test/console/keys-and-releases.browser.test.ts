import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from './looked-at.ts';
import {
  type ConsolePage,
  type ConsoleRig,
  expectNoComplaints,
  fillIn,
  makeElasticsearch,
  signedIn,
  startConsole,
} from './rig.ts';

/** Two dozen upgrades of a twin, on a machine that may have other work. */
const rehearsedTimeoutMs = 420_000;

let rig: ConsoleRig;
let clusterId: string;

beforeAll(async () => {
  rig = await startConsole('console-keys');
  const nodes = ['a', 'b', 'c'].map((zone) => ({ name: `node-${zone}`, zone: `zone-${zone}` }));
  clusterId = await makeElasticsearch(rig, { name: 'logs', version: '6.3.2', nodes });
});
afterAll(async () => rig?.end());

const rowOf = (page: ConsolePage, text: string) => page.getByRole('row').filter({ hasText: text });

const rowHeaded = (page: ConsolePage, version: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: version, exact: true }) });

describe('the pages beside upgrades', () => {
  it('show the catalogs as pictures and as tables, with their dates of support', async () => {
    const page = await rig.newPage();
    await signedIn(page, rig.server, '/releases', 'Releases');
    const picture = page.getByRole('img', { name: /^\d+ releases of elasticsearch with \d+ ways on/ });
    await picture.waitFor();
    expect((await picture.locator('.graph-name').allTextContents()).map((name) => name.trim())).toEqual(
      expect.arrayContaining(['6.3.2', '6.7.0', '9.2.8']),
    );
    await picture.getByText('1 cluster', { exact: true }).waitFor();
    expect(await page.getByText(/^No way leads to or from: /).innerText()).toContain('7.4.0');
    expect(await rowHeaded(page, '6.3.2').innerText()).toMatch(/8 to 17\s+6\.7\.0, no way back\s+1$/);
    expect(await faultsOf(page, 'releases of Elasticsearch')).toEqual([]);

    await page.getByRole('link', { name: 'Kubernetes' }).click();
    await page.getByRole('img', { name: /^Support of \d+ releases/ }).waitFor();
    expect(await rowHeaded(page, '1.11').innerText()).toMatch(/ended[\s\S]*Nov 4, 2019/);
    expect(await faultsOf(page, 'releases of Kubernetes')).toEqual([]);
    expectNoComplaints(page);
    await page.context().close();
  });

  it('make a key that may only look, show its secret once, and shut it out when it is revoked', async () => {
    const page = await rig.newPage();
    await signedIn(page, rig.server, '/keys', 'Keys');
    await page.getByLabel('What for').fill('the screen on the wall');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('Its secret is shown now and never again.').waitFor();
    const [keyId = '', secret = ''] = await page.locator('.made-key code').allInnerTexts();
    expect(await faultsOf(page, 'keys')).toEqual([]);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText(secret).waitFor({ state: 'detached' });
    await rowOf(page, keyId).getByText('clusterlift:Get*, clusterlift:List* and').waitFor();

    const wall = await rig.newPage();
    await wall.goto(`/console/clusters/${clusterId}/plan`);
    await fillIn(wall, keyId, secret);
    await wall.getByRole('heading', { level: 1, name: 'Plan an upgrade of logs' }).waitFor();
    await wall.getByRole('button', { name: 'Plan it' }).click();
    const alert = wall.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('does not allow clusterlift:MakePlan on cluster/logs');

    await page.getByRole('button', { name: `Revoke ${keyId}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
    await rowOf(page, keyId).getByText('Revoked').waitFor();
    // It is shut out with its next question, if not before.
    await wall.reload();
    await wall.getByRole('heading', { level: 1, name: 'Sign in to Clusterlift' }).waitFor();
    expectNoComplaints(page);
    await wall.context().close();

    // Both have left their traces.
    await page.getByRole('link', { name: 'Audit' }).click();
    await rowOf(page, 'clusterlift:CreateAccessKey').waitFor();
    expect(await rowOf(page, 'clusterlift:CreateAccessKey').innerText()).toMatch(
      new RegExp(`201[\\s\\S]*${rig.server.keyId}[\\s\\S]*console`),
    );
    await page.getByLabel('Search what is shown').fill(`denied ${keyId}`);
    const denied = rowOf(page, 'clusterlift:MakePlan');
    await denied.waitFor();
    expect(await denied.innerText()).toMatch(new RegExp(`cluster/${clusterId}[\\s\\S]*403 denied`));
    expect(await rowOf(page, 'clusterlift:CreateAccessKey').count()).toBe(0);
    expect(await page.getByText(secret).count()).toBe(0);
    expect(await faultsOf(page, 'audit')).toEqual([]);
    await page.context().close();
  });

  it('rehearse an upgrade on a twin, and leave the cluster as it was', { timeout: rehearsedTimeoutMs + 120_000 }, async () => {
    const page = await rig.newPage();
    await signedIn(page, rig.server, `/clusters/${clusterId}/plan?to=6.7.0`, 'Plan an upgrade of logs');
    // Who comes with a target has asked for its plan.
    await page.getByRole('heading', { name: 'The plan' }).waitFor();
    await page.getByRole('button', { name: 'Rehearse it' }).click();
    await page.getByText('done in all 10 runs').waitFor({ timeout: rehearsedTimeoutMs });
    const stops = page.getByRole('listitem').filter({ hasText: 'Stops for a person' });
    expect((await stops.allInnerTexts()).some((text) => /node-[abc].* does not come back[\s\S]*To go on: /.test(text))).toBe(
      true,
    );
    expect(await faultsOf(page, 'rehearsal')).toEqual([]);
    const { release } = await rig.native.ask<{ release: { version: string } }>('GET', `/clusters/${clusterId}`);
    expect(release.version).toBe('6.3.2');
    expectNoComplaints(page);
    await page.context().close();
  });
});
