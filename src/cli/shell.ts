import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

export interface Sink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal; null where there is none. */
  readonly columns: number | null;
}

/** Everything outside that a command touches besides the server; tests bring their own. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Sink;
  readonly err: Sink;
  readFile(path: string): Promise<string>;
  readInput(): Promise<string>;
  /** Null: there is no terminal to ask at. */
  ask(question: string): Promise<string | null>;
  now(): Date;
  /** Ends early, without a throw, when the signal does. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  newToken(): string;
  /** Calls back at Ctrl-C instead of ending the process; returns the way to stop that. */
  onInterrupt(handler: () => void): () => void;
}

export function processShell(): Shell {
  return {
    env: process.env,
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    readFile: (path) => readFile(path, 'utf8'),
    readInput: () => text(process.stdin),
    ask,
    now: () => new Date(),
    pause: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    newToken: randomUUID,
    onInterrupt: (handler) => {
      process.once('SIGINT', handler);
      return () => process.removeListener('SIGINT', handler);
    },
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // `clusterlift ... | head`: a reader that has seen enough is not an error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : null,
  };
}

async function ask(question: string): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  // On stderr, so that an answer that is piped on stays clean.
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
