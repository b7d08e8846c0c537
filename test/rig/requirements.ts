import { spawnSync } from 'node:child_process';
// @ts-expect-error plain JavaScript without types: the test command uses it before anything is compiled
import { missingTools as find } from '../../scripts/test-parts.js';

export interface MissingTool {
  readonly name: string;
  readonly says: string;
  readonly remedy: string;
}

/** Which of these tools are not on this machine, with what to install. */
export function missingTools(needed: readonly string[]): readonly MissingTool[] {
  const missing: readonly MissingTool[] = find((command: string, args: string[]) =>
    spawnSync(command, args, { encoding: 'utf8' }),
  );
  return missing.filter((tool) => needed.includes(tool.name));
}
