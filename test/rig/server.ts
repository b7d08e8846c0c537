import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from './ports.ts';
import { eventually } from './waiting.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Making a database and bringing it up on a busy machine takes a while. */
const readyTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;

export interface StartOptions {
  readonly stateFolder: string;
  readonly port?: number;
  readonly config?: string;
  /** In a process group of its own: Ctrl-C on the terminal then reaches the caller alone. */
  readonly detached?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it may take until it is ready; two minutes where nothing is said. */
  readonly readyTimeoutMs?: number;
}

/** One server, known by its port and state folder; it may be killed and started again. */
export interface ServerRig {
  readonly url: string;
  readonly port: number;
  readonly keyId: string;
  readonly secret: string;
  readonly stateFolder: string;
  pid(): number | undefined;
  log(): string;
  /** Starts it again after `kill` or `stop`, on the same port and state. */
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
}

export async function startServer(options: StartOptions): Promise<ServerRig> {
  // A fixed port, so that a server that was killed is found again where it was.
  const port = options.port ?? (await freePorts(1))[0] ?? 0;
  const server = new Server(options, port);
  await server.start();
  return server;
}

class Server implements ServerRig {
  readonly url: string;
  readonly port: number;
  readonly keyId = 'LTAIdemo0000000000000000';
  readonly secret = 'a-secret-of-this-run-only-0000';
  readonly stateFolder: string;
  readonly #options: StartOptions;
  #child: ChildProcess | null = null;

  constructor(options: StartOptions, port: number) {
    this.#options = options;
    this.port = port;
    this.stateFolder = options.stateFolder;
    this.url = `http://127.0.0.1:${port}`;
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  async start(): Promise<void> {
    const log = openSync(this.#logFile, 'a');
    const words = ['server', '--listen', `127.0.0.1:${this.port}`, '--state-dir', join(this.stateFolder, 'state')];
    const config = this.#options.config === undefined ? [] : ['--config', this.#options.config];
    const child = spawn(process.execPath, [join(root, 'bin', 'clusterlift.js'), ...words, ...config], {
      cwd: this.stateFolder,
      stdio: ['ignore', log, log],
      detached: this.#options.detached ?? false,
      env: {
        ...process.env,
        CLUSTERLIFT_ACCESS_KEY_ID: this.keyId,
        CLUSTERLIFT_SECRET_ACCESS_KEY: this.secret,
        ...this.#options.environment,
      },
    });
    closeSync(log);
    this.#child = child;
    child.unref();
    await eventually('the server is ready', this.#options.readyTimeoutMs ?? readyTimeoutMs, async () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended';
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? 'ready' : undefined;
    }).then((state) => {
      if (state === 'ended') throw new Error(`The server ended instead of becoming ready:\n${lastLines(this.log())}`);
    });
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const limit = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(limit);
    return child.exitCode;
  }

  get #logFile(): string {
    return join(this.stateFolder, 'server.log');
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n');
}
