import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcessesOf, eventually, makeStateFolder, processesOf, removeStateFolder } from '../rig/index.ts';

const command = join(import.meta.dirname, '../../bin/clusterlift.js');

let folder: string;
beforeEach(async () => {
  folder = await makeStateFolder('early');
});
afterEach(async () => {
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

function aStart() {
  const args = [command, 'server', '--listen', '127.0.0.1:0', '--state-dir', join(folder, 'state')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(String(text)));
  const runs = async (what: string) => (await processesOf(folder)).some((found) => found.command.includes(what));
  /** Until a process of that command line is there, or that was said. */
  const reaches = (moment: string) =>
    eventually(
      `a start with: ${moment}`,
      60_000,
      async () => said.join('').includes(moment) || (await runs(moment)) || undefined,
      20,
    );
  return { child, reaches, said: () => said.join('') };
}

describe('a server that is told to end while it starts', { timeout: 240_000 }, () => {
  it.each(['/bin/initdb -D', '/bin/postgres -D', 'The database was brought up to date'])(
    'with %s ends cleanly, and leaves no database running and nothing half made',
    async (moment) => {
      const start = aStart();
      await start.reaches(moment);
      start.child.kill('SIGTERM');
      const [code] = await once(start.child, 'exit');
      expect(code, start.said()).toBe(0);
      expect(start.said()).not.toContain('Listening on');
      expect(await processesOf(folder)).toEqual([]);
      expect(await draftsBelow(folder)).toEqual([]);
    },
  );
});

describe('a server that was killed while it made its database', { timeout: 240_000 }, () => {
  it('leaves a draft that the next start sweeps, and nothing of a start that still goes on is swept', async () => {
    const killed = aStart();
    await killed.reaches('/bin/initdb -D');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    await endProcessesOf(folder);
    const [left, ...others] = await draftsBelow(folder);
    expect([left?.length, others]).toEqual([expect.any(Number), []]);
    const living = join(left ?? '', '..', `draft-${process.pid}.of-another-start`);
    await mkdir(living);
    await writeFile(join(living, 'password'), 'x');

    const next = aStart();
    await next.reaches('Listening on');
    expect(await draftsBelow(folder)).toEqual([living]);
    next.child.kill('SIGTERM');
    expect(await once(next.child, 'exit')).toEqual([0, null]);
  });
});

async function draftsBelow(below: string): Promise<readonly string[]> {
  const entries = await readdir(below, { recursive: true });
  return entries.filter((name) => /^draft-[^/]*$/.test(name.split('/').at(-1) ?? '')).map((name) => join(below, name));
}
