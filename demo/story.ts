import type { ServerRig } from '../test/rig/index.ts';
import type { Screen } from './screen.ts';

/** What a story is told with: a server of its own, in a folder of this run. */
export interface Stage {
  readonly screen: Screen;
  readonly server: ServerRig;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** How it ended. */
export interface Told {
  /** Nothing failed, nothing was lost. */
  readonly whole: boolean;
  readonly table: readonly string[];
  /** What failed or was lost, one line each. */
  readonly wrong: readonly string[];
  /** The figures as JSON, for machines. */
  readonly report: unknown;
  /** Commands to try when everything is left running; the shell knows the server already. */
  readonly next: readonly string[];
}

export interface Story {
  readonly name: string;
  /** The first line on the screen. */
  readonly says: string;
  /** Gets ready what the machine must have. Gives what is missing, with what to install; nothing when it can begin. */
  prepare(screen: Screen): Promise<readonly string[]>;
  tell(stage: Stage): Promise<Told>;
}
