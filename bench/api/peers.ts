/** What the server is measured beside: moto's server, and a node:http handler that does nothing but answer. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePorts } from '../../test/rig/index.ts';
import { cacheDir } from '../../test/rig/releases.ts';

export interface Peer {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  close(): void;
}

const motoVersion = '5.2.5';
const startTimeoutMs = 60_000;

/** Installed once, by pip, into a folder of its own in the cache. */
export async function startMoto(): Promise<Peer> {
  const folder = join(cacheDir(), 'tools', `moto-${motoVersion}`);
  const program = join(folder, 'bin', 'moto_server');
  if (!existsSync(program)) {
    orSay(spawnSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' }), 'Install Python 3 with its module venv.');
    const pip = spawnSync(join(folder, 'bin', 'pip'), ['install', '-q', `moto[server,eks]==${motoVersion}`], {
      stdio: 'inherit',
    });
    orSay(pip, 'moto is installed by pip, which needs a package index.');
  }
  const [port = 0] = await freePorts(1);
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'false' },
  });
  return up('moto', child, port, '/moto-api/data.json');
}

/** Answers the same bytes to whatever is asked. */
export async function startBare(answer: string): Promise<Peer> {
  const [port = 0] = await freePorts(1);
  const program = `const answer = Buffer.from(process.argv[1]);
    require('node:http').createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer));
    }).listen(${port}, '127.0.0.1')`;
  return up('bare', spawn(process.execPath, ['-e', program, answer], { stdio: 'ignore' }), port, '/');
}

async function up(name: string, child: ChildProcess, port: number, path: string): Promise<Peer> {
  await eventually(`${name} answers`, startTimeoutMs, async () =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).ok ? true : undefined,
  );
  return { name, port, pid: child.pid ?? 0, close: () => child.kill() };
}

function orSay({ status }: { readonly status: number | null }, says: string): void {
  if (status !== 0) throw new Error(says);
}
