import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without types, so that it runs before anything is compiled
import { buildComponent, lookFor } from './components-build.js';

const component = {
  name: 'thing-1.2.3',
  folders: ['thing'],
  programs: [{ file: 'thing', package: '.', names: ['one', 'two'], stamps: {} }],
  default: true,
};
const path = process.env.PATH;
let [folder, root, cache, calls] = ['', '', '', ''];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterlift-components-'));
  [root, cache, calls] = [join(folder, 'sources'), join(folder, 'cache'), join(folder, 'calls')];
  for (const one of [join(root, 'thing'), join(folder, 'bin')]) mkdirSync(one, { recursive: true });
  writeFileSync(join(root, 'thing', 'go.mod'), 'module thing\n\ngo 1.26.0\n');
  process.env.PATH = `${join(folder, 'bin')}:${path}`;
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

/** A `go` that notes its call and does what the test wants; `$out` is the file to make. */
function go(does: string) {
  const file = join(folder, 'bin', 'go');
  writeFileSync(
    file,
    `#!/bin/sh\necho called >> '${calls}'\nfor last; do [ "$before" = -o ] && out=$last; before=$last; done\n${does}\n`,
  );
  chmodSync(file, 0o755);
}
const callsMade = () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n').length : 0);
const build = (says: (word: string) => void = () => {}) => buildComponent(component, cache, root, says);
const claims = () => readdirSync(cache).filter((name) => name.startsWith('.'));

it('builds a component once, with a link for each of its names and one without the hash', async () => {
  go('cat go.mod > "$out"');
  const first = await build();
  expect(first.kind).toBe('ready');
  expect(readlinkSync(join(cache, 'thing-1.2.3'))).toMatch(/^thing-1\.2\.3-.*-[0-9a-f]{16}$/);
  for (const name of ['thing', 'one', 'two']) {
    expect(readFileSync(join(cache, 'thing-1.2.3', 'bin', name), 'utf8')).toContain('module thing');
  }
  expect(readlinkSync(join(first.path, 'bin', 'one'))).toBe('thing');
  expect(await build()).toEqual(first);
  expect(callsMade()).toBe(1);
  expect(claims()).toEqual([]);
});

it('builds anew when the sources change, and points back when they change back', async () => {
  go('cat go.mod > "$out"');
  const first = await build();
  writeFileSync(join(root, 'thing', 'go.mod'), 'module other\n');
  expect(lookFor(component, cache, root)).toMatchObject({ built: false, linked: false });
  const second = await build();
  expect(readFileSync(join(cache, 'thing-1.2.3', 'bin', 'two'), 'utf8')).toBe('module other\n');
  expect(existsSync(first.path)).toBe(true);
  expect(second.path).not.toBe(first.path);
  writeFileSync(join(root, 'thing', 'go.mod'), 'module thing\n\ngo 1.26.0\n');
  expect(await build()).toEqual(first);
  expect(readFileSync(join(cache, 'thing-1.2.3', 'bin', 'two'), 'utf8')).toContain('module thing');
  expect(callsMade()).toBe(2);
});

it("says go's own words when a build fails, and leaves nothing behind", async () => {
  go('echo some/package >&2; echo "main.go:3:1: syntax error" >&2; echo half > "$out"; exit 1');
  expect(await build()).toEqual({ kind: 'failed', because: 'main.go:3:1: syntax error' });
  expect(readdirSync(cache)).toEqual([]);
});

it('says what to install when go is too old or not there', async () => {
  go('echo "go: go.mod requires go >= 1.26.0 (running go 1.22.1; GOTOOLCHAIN=local)" >&2; exit 1');
  expect((await build()).because).toContain('Install Go 1.26 or newer');
  rmSync(join(folder, 'bin', 'go'));
  process.env.PATH = join(folder, 'bin');
  const without = await build();
  expect(without.because).toContain('Go was not found.');
  expect(without.because).toContain('Install Go 1.26 or newer');
});

it('is built by one of two that ask at once, and both get it', async () => {
  go('sleep 0.3; cat go.mod > "$out"');
  const said: string[] = [];
  const [first, second] = await Promise.all([build((word) => said.push(word)), build((word) => said.push(word))]);
  expect(first.kind).toBe('ready');
  expect(second).toEqual(first);
  expect(callsMade()).toBe(1);
  expect(said).toContain('another process is building it; waiting for that');
  expect(claims()).toEqual([]);
});

it('takes over what a killed build left behind', async () => {
  go('cat go.mod > "$out"');
  const left = join(cache, `.building-${lookFor(component, cache, root).path.split('/').at(-1)}`);
  mkdirSync(join(left, 'abandoned', 'out'), { recursive: true });
  const longAgo = new Date(Date.now() - 600_000);
  utimesSync(left, longAgo, longAgo);
  expect((await build()).kind).toBe('ready');
  expect(claims()).toEqual([]);
});

it('finds without go what is built, and says what is unknown', async () => {
  const script = fileURLToPath(new URL('./build-components.js', import.meta.url));
  const run = (args: string[]) =>
    new Promise<{ code: number | null; text: string }>((resolve) => {
      const child = spawn(process.execPath, [script, ...args], { env: { CLUSTERLIFT_CACHE_DIR: cache, PATH: '/nowhere' } });
      let text = '';
      child.stdout.on('data', (chunk) => (text += chunk));
      child.stderr.on('data', (chunk) => (text += chunk));
      child.once('close', (code) => resolve({ code, text }));
    });
  const list = await run(['--list']);
  expect(list.code).toBe(0);
  expect(list.text).toMatch(/^etcd-3\.6\.16 +not built$/m);
  expect(await run(['etcd-9.9.9'])).toMatchObject({ code: 2, text: expect.stringContaining('Unknown: etcd-9.9.9') });
  const lacking = await run(['etcd-3.6.16']);
  expect(lacking.code).toBe(1);
  expect(lacking.text).toContain('Go was not found. Install Go 1.26 or newer');
});
