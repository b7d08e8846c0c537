import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The versions that a member was started at, one entry a start, oldest first: from the records of the process host. */
export function launchesOf(stateFolder: string, clusterId: string, member: string): readonly string[] {
  const file = join(stateFolder, 'state', 'members', clusterId, member, 'run', 'launches.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { release: { version: string } }).release.version);
}
