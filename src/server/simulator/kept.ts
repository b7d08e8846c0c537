import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '../../domain/index.ts';
import type { Kept } from '../../simulators/index.ts';

const suffix = '.json';

/** A file a cluster with the launches of its members, which hold keys: for its own account alone. */
export function keptIn(folder: string): Kept {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (clusterId: string) => join(folder, `${encodeURIComponent(clusterId)}${suffix}`);
  return {
    // Written at once, so that of two that come together the later one stays.
    put: async (clusterId, launches) => {
      const draft = `${fileOf(clusterId)}.draft`;
      writeFileSync(draft, JSON.stringify(launches), { mode: 0o600 });
      renameSync(draft, fileOf(clusterId));
    },
    remove: async (clusterId) => rmSync(fileOf(clusterId), { force: true }),
    all: async () =>
      readdirSync(folder)
        .filter((name) => name.endsWith(suffix))
        .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly Launch[]),
  };
}
