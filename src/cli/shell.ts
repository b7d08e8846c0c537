import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from './limits.ts';

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
  writeFile(path: string, text: string): Promise<void>;
  /** In one step, and for its owner's eyes alone (0600): it holds secrets. */
  writePrivateFile(path: string, text: string): Promise<void>;
  readInput(): Promise<string>;
  /** Null: there is no terminal to ask at. */
  ask(question: string): Promise<string | null>;
  /** Without showing what is typed. */
  askSecret(question: string): Promise<string | null>;
  /** The program that runs this. */
  readonly nodeProgram: string;
  /** What a program of this machine prints; null where it is not there, fails or does not end in time. */
  probe(program: string, args: readonly string[]): Promise<string | null>;
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
    writeFile: (path, text) => writeFile(path, text),
    writePrivateFile,
    readInput: () => text(process.stdin),
    ask: (question) => askAt(question, process.stderr),
    askSecret,
    nodeProgram: process.execPath,
    probe,
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

async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  try {
    // One that an earlier try left would keep its mode.
    await rm(beside, { force: true });
    await writeFile(beside, text, { mode: 0o600 });
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** On stderr, so that an answer that is piped on stays clean. */
async function askAt(question: string, output: NodeJS.WritableStream): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

async function askSecret(question: string): Promise<string | null> {
  process.stderr.write(process.stdin.isTTY === true ? question : '');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await askAt('', nowhere);
  if (answer !== null) process.stderr.write('\n');
  return answer;
}

function probe(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    // An ordinary user's PATH seldom names where servers lie; the server looks there, too.
    const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` };
    execFile(program, [...args], { env, timeout: limits.probeMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
      resolve(error === null ? `${stdout}\n${stderr}` : null),
    );
  });
}
