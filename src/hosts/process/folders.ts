import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the host keeps what it needs, below its state and cache folders. */
export interface HostFolders {
  readonly stateDir: string;
  readonly cacheDir: string;
}

export interface MemberFolders {
  readonly root: string;
  readonly conf: string;
  readonly data: string;
  readonly logs: string;
  readonly tmp: string;
  /** Launch record, pid file, list of launches. */
  readonly run: string;
}

export function memberFolders({ stateDir }: HostFolders, clusterId: string, member: string): MemberFolders {
  return foldersBelow(join(clusterFolder(stateDir, clusterId), safe(member)));
}

export function foldersBelow(root: string): MemberFolders {
  return {
    root,
    conf: join(root, 'conf'),
    data: join(root, 'data'),
    logs: join(root, 'logs'),
    tmp: join(root, 'tmp'),
    run: join(root, 'run'),
  };
}

export function clusterFolder(stateDir: string, clusterId: string): string {
  return join(stateDir, 'members', safe(clusterId));
}

/** The members that have a folder. */
export function membersWithFolder({ stateDir }: HostFolders, clusterId: string): readonly string[] {
  const folder = clusterFolder(stateDir, clusterId);
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => decodeURIComponent(name));
}

/** Names come from people: nothing in one may lead out of its folder. */
function safe(name: string): string {
  const encoded = encodeURIComponent(name);
  return encoded === '.' || encoded === '..' ? encoded.replaceAll('.', '%2E') : encoded;
}
