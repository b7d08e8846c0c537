import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProcessHost } from './index.ts';

it('names what it keeps a folder of, whatever its name, and of no other cluster', async () => {
  const root = mkdtempSync(join(tmpdir(), 'clusterlift-folders-'));
  const host = createProcessHost({ stateDir: root, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });
  for (const folder of ['c1/blue-1', 'c1/a%2Fb', 'c2/other']) mkdirSync(join(root, 'members', folder), { recursive: true });
  writeFileSync(join(root, 'members', 'c1', 'generation.json'), '{}');
  expect((await host.members?.('c1'))?.toSorted()).toEqual(['a/b', 'blue-1']);
  expect(await host.members?.('c3')).toEqual([]);
  await host.erase({ clusterId: 'c1', generation: 1 }, 'a/b');
  expect(await host.members?.('c1')).toEqual(['blue-1']);
  rmSync(root, { recursive: true });
});
