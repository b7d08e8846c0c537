import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProcessHost } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'clusterlift-hook-'));
const options = { stateDir: join(root, 'state'), cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now };
const host = createProcessHost(options);
const hook = (script: string, timeoutMs = 10_000) =>
  host.run({ clusterId: 'c1', generation: 1 }, 'n1', ['/bin/sh', '-c', script], timeoutMs);

beforeAll(() => {
  process.env.CLUSTERLIFT_SECRET_ACCESS_KEY = 'top-secret';
});
afterAll(() => {
  delete process.env.CLUSTERLIFT_SECRET_ACCESS_KEY;
  rmSync(root, { recursive: true, force: true });
});

describe('a hook', () => {
  it('knows its member and cluster and nothing of the server’s own environment', async () => {
    const ended = await hook('env | cut -d= -f1 | sort >&2; exit 3');
    expect(ended).toMatchObject({ kind: 'failed', says: '/bin/sh failed for n1: it ended with 3.' });
    // What the shell itself adds says nothing.
    const names = ended.kind === 'failed' ? ended.lastLines.filter((name) => !/^(_|PWD|SHLVL|OLDPWD)$/.test(name)) : [];
    expect(names).toEqual(['CLUSTERLIFT_CLUSTER', 'CLUSTERLIFT_MEMBER', 'HOME', 'LANG', 'PATH']);
    const told = await hook('echo "$CLUSTERLIFT_MEMBER of $CLUSTERLIFT_CLUSTER" >&2; exit 1');
    expect(told).toMatchObject({ lastLines: ['n1 of c1'] });
  });

  it('leaves as evidence the last lines of its complaints, bounded, and not its command line', async () => {
    const ended = await hook('password=top-secret; for i in $(seq 1 40); do echo "line $i" >&2; done; exit 1');
    expect(ended).toMatchObject({ lastLines: Array.from({ length: 12 }, (_, index) => `line ${index + 29}`) });
    const long = await hook('printf "%01000d" 0 >&2; exit 1');
    expect(long.kind === 'failed' && long.lastLines.map((line) => line.length)).toEqual([400]);
    expect(JSON.stringify([ended, long])).not.toContain('top-secret');
  });

  it('says in its own words that it took too long, or that there is no such program', async () => {
    expect((await hook('exec sleep 60', 1_000)).says).toBe('/bin/sh failed for n1: it did not end within 1 s.');
    const missing = await host.run({ clusterId: 'c1', generation: 1 }, 'n1', ['/nowhere/hook'], 1_000);
    expect(missing.says).toBe('/nowhere/hook failed for n1: there is no such program.');
  });
});
