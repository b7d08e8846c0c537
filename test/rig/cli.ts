import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ServerRig } from './server.ts';

const command = fileURLToPath(new URL('../../bin/clusterlift.js', import.meta.url));
/** A route watched to its end, on a busy machine. */
const endTimeoutMs = 30 * 60_000;

export interface CliEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line, run as a person runs it. */
export class CliRig {
  readonly #environment: NodeJS.ProcessEnv;

  constructor(server: Pick<ServerRig, 'url' | 'keyId' | 'secret'>) {
    this.#environment = {
      ...process.env,
      NO_COLOR: '1',
      CLUSTERLIFT_URL: server.url,
      CLUSTERLIFT_ACCESS_KEY_ID: server.keyId,
      CLUSTERLIFT_SECRET_ACCESS_KEY: server.secret,
    };
  }

  async run(...words: readonly string[]): Promise<CliEnd> {
    const child = spawn(process.execPath, [command, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment,
      timeout: endTimeoutMs,
    });
    const exited = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code));
    });
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code, out, err };
  }

  /** Runs it and wants success; gives back what it answered as JSON. */
  async json<T>(...words: readonly string[]): Promise<T> {
    const end = await this.run(...words, '--output', 'json');
    if (end.code !== 0) throw new Error(`clusterlift ${words.join(' ')} ended with ${end.code}: ${end.err}${end.out}`);
    return JSON.parse(end.out) as T;
  }
}
