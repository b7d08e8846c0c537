import { spawnSync } from 'node:child_process';
// @ts-expect-error plain JavaScript without types: the test command uses it before anything is compiled
import { missingTools as find } from '../../scripts/test-parts.js';

export interface MissingTool {
  readonly name: string;
  readonly says: string;
  readonly remedy: string;
}

/** What real clusters need and is not on this machine, with what to install. */
export function missingTools(): readonly MissingTool[] {
  return find((command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' }));
}
