import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './postmaster.ts';

/** Where a data folder is made. It is named after who makes it: whoever was killed meanwhile is known to be gone. */
export function draftFolder(root: string): string {
  return join(root, `draft-${process.pid}.${randomUUID()}`);
}

/** What starts that were killed have left behind, the database's password among it. */
export async function sweepDrafts(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const maker = /^draft-(\d+)\./.exec(name)?.[1];
    if (!name.startsWith('draft-') || (maker !== undefined && isAlive(Number(maker)))) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
}
