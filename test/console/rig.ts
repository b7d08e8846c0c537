/**
 * The console in a real browser, against a server that simulates: one of each for a file of tests.
 * It does not know: any page. It knows how one signs in, and what must hold on all of them.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';
import { chromiumPath } from './chromium.ts';

/** Browsers and servers of a busy machine take their time; a test that waits for less would tell of the machine. */
export const seenTimeoutMs = 60_000;
const clusterTimeoutMs = 120_000;
const readyTimeoutMs = 240_000;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface ConsoleRig {
  readonly server: ServerRig;
  readonly native: NativeRig;
  /** A page of a browser that has never been here. */
  newPage(options?: BrowserContextOptions): Promise<ConsolePage>;
  end(): Promise<void>;
}

export interface ConsolePage extends Page {
  /** What the browser complained about: errors of scripts, refused by the content security policy, requests that failed. */
  readonly complaints: readonly string[];
}

export async function startConsole(purpose: string): Promise<ConsoleRig> {
  const executablePath = chromiumPath();
  const folder = await makeStateFolder(purpose);
  let browser: Browser | null = null;
  let server: ServerRig | null = null;
  const end = async () => {
    await browser?.close();
    await server?.stop();
    await endProcessesOf(folder);
    await removeStateFolder(folder);
  };
  try {
    const started = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' }, readyTimeoutMs });
    server = started;
    // A browser that is run by root refuses its own sandbox.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const launched = await chromium.launch({ executablePath, args, timeout: seenTimeoutMs });
    browser = launched;
    return { server: started, native: new NativeRig(started), newPage: (options) => newPage(launched, started, options), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function newPage(browser: Browser, server: ServerRig, options: BrowserContextOptions = {}): Promise<ConsolePage> {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(seenTimeoutMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  return Object.assign(page, { complaints });
}

export async function fillIn(page: Page, keyId: string, secret: string): Promise<void> {
  await page.getByLabel('Access key').fill(keyId);
  await page.getByLabel('Secret').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** From the sign-in to the page at that address below `/console`, as its heading says. */
export async function signedIn(page: Page, server: ServerRig, path: string, heading: string): Promise<void> {
  await page.goto(`/console${path}`);
  await fillIn(page, server.keyId, server.secret);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

/** What axe finds wrong on the page as it is, each with where. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // As a script of the page it would be refused by the content security policy; the debugger is not asked.
  await page.evaluate(axeSource);
  const found = await page.evaluate<
    { readonly id: string; readonly help: string; readonly nodes: readonly { readonly target: unknown }[] }[]
  >(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => ({ target })) })))',
  );
  return found.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => String(target)).join(' | ')})`);
}

/** How much wider than the window the page is: whatever is more than 0 has to be scrolled sideways. */
export async function overhangPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** A refusal of the session that is asked for first is how the console learns that nobody is signed in. */
export function expectNoComplaints(page: ConsolePage): void {
  const others = page.complaints.filter((complaint) => !/401 .*\/api\/v1\/session$/.test(complaint));
  expect(others).toEqual([]);
}

interface NewNode {
  readonly name: string;
  readonly zone: string;
}

export interface NewElasticsearch {
  readonly name: string;
  readonly version: string;
  readonly nodes: readonly NewNode[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** Made and active; lives a hundred times faster than the clock. */
export async function makeElasticsearch({ native }: ConsoleRig, wanted: NewElasticsearch): Promise<string> {
  const { name, version, nodes, tags = {} } = wanted;
  const { cluster } = await native.ask<{ cluster: { id: string } }>('POST', '/clusters', {
    name,
    engine: 'elasticsearch',
    origin: 'created',
    clusterName: name,
    release: { version },
    nodes: nodes.map((node) => ({ ...node, roles: ['master', 'data', 'ingest'] })),
    awarenessAttribute: 'zone',
    tags: { 'clusterlift:speed': '100', ...tags },
  });
  await active(native, cluster.id);
  return cluster.id;
}

export async function makeKubernetes({ native }: ConsoleRig, name: string, version: string): Promise<string> {
  const { cluster } = await native.ask<{ cluster: { id: string } }>('POST', '/clusters', {
    name,
    engine: 'kubernetes',
    origin: 'created',
    release: { version },
    tags: { 'clusterlift:speed': '100' },
  });
  await active(native, cluster.id);
  return cluster.id;
}

async function active(native: NativeRig, id: string): Promise<void> {
  await eventually(`cluster ${id} is active`, clusterTimeoutMs, async () => {
    const { status } = await native.cluster(id);
    return status === 'active' ? status : undefined;
  });
}
