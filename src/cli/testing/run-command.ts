import { main } from '../main.ts';
import type { Shell } from '../shell.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** How long the command said that it would wait, in all. */
  readonly pausedMs: number;
}

export interface World {
  /** Address of the stub server. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What programs of the machine print, by `program argument`; others are not there. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Called with each file that is written. */
  readonly onWrite?: (path: string, text: string, how: 'private' | 'plain') => void;
  /** What a person types; without it there is no terminal to ask at. */
  readonly types?: string;
  readonly isTerminal?: boolean;
  /** Called with each text that goes to standard output, as it goes; it may interrupt the command. */
  readonly onOut?: (text: string, interrupt: () => void) => void;
}

export const testKey = { id: 'LTAItestkey', secret: 'the-secret-of-the-test-key' } as const;

/** Runs a command in this process. Its clock moves only while it waits, so that nothing really waits. */
export async function runCommand(argv: readonly string[], world: World): Promise<Ran> {
  let out = '';
  let err = '';
  let pausedMs = 0;
  let interrupt = () => {};
  const shell: Shell = {
    env: {
      CLUSTERLIFT_URL: world.url,
      CLUSTERLIFT_ACCESS_KEY_ID: testKey.id,
      CLUSTERLIFT_SECRET_ACCESS_KEY: testKey.secret,
      ...world.env,
    },
    out: {
      write: (text) => {
        out += text;
        world.onOut?.(text, () => interrupt());
      },
      isTerminal: world.isTerminal ?? false,
      columns: null,
    },
    err: {
      write: (text) => {
        err += text;
      },
      isTerminal: false,
      columns: null,
    },
    readFile: async (path) => {
      const text = world.files?.[path];
      if (text === undefined)
        throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
      return text;
    },
    writeFile: async (path, text) => world.onWrite?.(path, text, 'plain'),
    writePrivateFile: async (path, text) => world.onWrite?.(path, text, 'private'),
    nodeProgram: 'node',
    probe: async (program, args) => world.programs?.[[program, ...args].join(' ')] ?? null,
    readInput: async () => world.input ?? '',
    ask: async (question) => {
      if (world.types === undefined) return null;
      err += question;
      return world.types;
    },
    askSecret: async (question) => {
      if (world.types === undefined) return null;
      err += question;
      return world.types;
    },
    now: () => new Date(Date.UTC(2026, 10, 24, 10, 0, 0) + pausedMs),
    pause: async (ms) => {
      pausedMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    newToken: () => 'token-of-the-test',
    onInterrupt: (handler) => {
      interrupt = handler;
      return () => {
        interrupt = () => {};
      };
    },
  };
  const code = await main(argv, shell);
  return { code, out, err, pausedMs };
}
