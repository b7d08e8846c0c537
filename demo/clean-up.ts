import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { endProcessesOf, processesOf, removeStateFolder } from '../test/rig/index.ts';

/** Ends every process of a run's folder and erases it, with what nodes of Kubernetes keep elsewhere. */
export async function cleanUp(folder: string): Promise<void> {
  const processes = await processesOf(folder);
  const elsewhere = await Promise.all(processes.map(({ pid }) => ownTemporaryFolder(pid)));
  await endProcessesOf(folder);
  const named = await namedInLogs(folder);
  await removeStateFolder(folder);
  for (const path of new Set([...elsewhere, ...named])) if (path !== null) await rm(path, { recursive: true, force: true });
}

/** The sockets of a node lie in a folder of its own below the machine's temporary one: their paths must be short. */
async function ownTemporaryFolder(pid: number): Promise<string | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return nodeFolderIn(environment);
}

/** What a kubelet without containers keeps has a fixed place, which its log names. */
async function namedInLogs(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(join('logs', 'stdout.log')));
  const texts = await Promise.all(files.map((path) => readFile(join(folder, path), 'utf8').catch(() => '')));
  return texts.flatMap((text) => kubeletFoldersIn(text));
}

export function kubeletFoldersIn(log: string): readonly string[] {
  return [...new Set(log.match(/\/tmp\/hollow-kubelet\.\d+/g) ?? [])];
}

/** From the environment of a process as the kernel tells it. */
export function nodeFolderIn(environment: string): string | null {
  const path = /(?:^|\0)TMPDIR=([^\0]+)/.exec(environment)?.[1] ?? '';
  const isOurs = [tmpdir(), '/tmp'].includes(dirname(path)) && basename(path).startsWith('clusterlift-node-');
  return isOurs ? path : null;
}
