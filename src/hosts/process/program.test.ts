import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram, programMissing } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clusterlift-program-'));
for (const name of ['one', 'two', 'plain', 'folder']) {
  mkdirSync(join(folder, name));
  if (name === 'folder') mkdirSync(join(folder, name, 'balancer'));
  else writeFileSync(join(folder, name, 'balancer'), '#!/bin/sh\n', { mode: name === 'plain' ? 0o644 : 0o755 });
}
afterAll(() => rmSync(folder, { recursive: true }));
const path = (...names: string[]) => names.map((name) => join(folder, name)).join(':');

describe('a program of the machine', () => {
  it('is the first on the path that can be run', () => {
    expect(findProgram('balancer', path('folder', 'plain', 'two', 'one'))).toBe(join(folder, 'two', 'balancer'));
  });

  it('may be named by its own path', () => {
    expect(findProgram(join(folder, 'one', 'balancer'), '')).toBe(join(folder, 'one', 'balancer'));
    expect(findProgram(join(folder, 'plain', 'balancer'), '')).toBeNull();
  });

  it('is told with what to install when there is none', () => {
    expect(findProgram('no-such-balancer', path('one'))).toBeNull();
    expect(programMissing('haproxy')).toBe('haproxy was not found on this machine: install it, for example the package haproxy.');
  });
});
