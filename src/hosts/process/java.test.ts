import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { findJdks } from './java.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'clusterlift-java-')));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** Of versions that no machine has. */
function aJdk(feature: number): string {
  const home = join(root, `jdk-${feature}`);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'java'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(home, 'release'), `JAVA_VERSION="${feature}.0.1"\n`);
  return home;
}

it('a JDK is found that is configured, that JAVA_HOME names, or whose java is in PATH by whatever link', () => {
  const [configured, named, linked] = [aJdk(901), aJdk(902), aJdk(903)];
  const bin = join(root, 'bin');
  mkdirSync(bin);
  symlinkSync(join(linked, 'bin', 'java'), join(bin, 'java'));
  vi.stubEnv('JAVA_HOME', named);
  vi.stubEnv('PATH', bin);
  const ours = () => findJdks([configured]).filter(({ feature }) => feature > 900);
  expect(ours()).toEqual([
    { feature: 901, home: configured },
    { feature: 902, home: named },
    { feature: 903, home: linked },
  ]);
  vi.stubEnv('PATH', join(root, 'nowhere'));
  expect(ours().map(({ feature }) => feature)).toEqual([901, 902]);
});
