/** Load by wrk, with requests that were signed beforehand. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSecondsWithChildren } from '../fleet/watch.ts';

const run = promisify(execFile);

export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Figures {
  readonly requestsPerSecond: number;
  readonly cpuMsEach: number;
  /** Answers with another status than 2xx or 3xx; none may be among reads. */
  readonly refused: number;
}

const connections = 16;
const escapeLua = (text: string) =>
  `"${text.replaceAll(/[\\"\n\r]/g, (character) => `\\${character.charCodeAt(0).toString().padStart(3, '0')}`)}"`;

export async function wrkIsThere(): Promise<boolean> {
  // It ends with 1 after having told its version.
  return run('wrk', ['-v']).then(
    () => true,
    (error: { readonly code?: unknown }) => error.code !== 'ENOENT',
  );
}

/** Sends the requests one after the other, and from the first again where they are fewer than are sent. */
export async function loadWith(
  folder: string,
  port: number,
  pids: readonly number[],
  requests: readonly Signed[],
  seconds: number,
): Promise<Figures> {
  const script = join(folder, `requests-${port}.lua`);
  const lines = requests.map(({ method, path, headers, body }) => {
    const told = headers.map(([name, value]) => `[${escapeLua(name)}]=${escapeLua(value)}`).join(',');
    return `wrk.format(${escapeLua(method)},${escapeLua(path)},{${told}},${body === '' ? 'nil' : escapeLua(body)})`;
  });
  const program = `local made = {}
function init() ${lines.map((line) => `made[#made + 1] = ${line}`).join('\n')} end
local next = 0
function request() next = next % #made + 1 return made[next] end
`;
  writeFileSync(script, program);
  const cpu = () => pids.reduce((sum, pid) => sum + cpuSecondsWithChildren(pid), 0);
  const before = cpu();
  const { stdout } = await run('wrk', [
    '-t',
    '1',
    '-c',
    String(connections),
    '-d',
    `${seconds}s`,
    '-s',
    script,
    `http://127.0.0.1:${port}`,
  ]);
  const used = cpu() - before;
  const sent = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1] ?? 0),
    cpuMsEach: (used * 1000) / Math.max(1, sent),
    refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
  };
}
