/** What the guides say to type, typed, on simulated clusters: what is said there must work from the first line to the last. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CliRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const limitMs = 300_000;
/** So that there is something left to pause. */
const slowly = 'tags: { "clusterlift:speed": "5" }\n';
const quickly = 'tags: { "clusterlift:speed": "100" }\n';
let folder: string;
let files: string;
let server: ServerRig;
let cli: CliRig;

beforeAll(async () => {
  folder = await makeStateFolder('guides');
  files = mkdtempSync(join(tmpdir(), 'clusterlift-guides-'));
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' } });
  cli = new CliRig(server);
});
afterAll(async () => {
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
  rmSync(files, { recursive: true });
});

interface Part {
  readonly heading: string;
  readonly file: string;
  readonly commands: readonly string[];
}

/** Headings of a guide with the description and the commands below each. */
function partsOf(guide: string): readonly Part[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/guides', guide), 'utf8');
  return text.split('\n## ').map((part) => {
    const [, file = ''] = /```yaml file=\S+\n([\s\S]*?)```/.exec(part) ?? [];
    const [, shell = ''] = /```sh\n([\s\S]*?)```/.exec(part) ?? [];
    return { heading: part.split('\n')[0] ?? '', file, commands: shell.split('\n').filter((line) => line !== '') };
  });
}

function partOf(guide: string, heading: string): Part {
  const found = partsOf(guide).find((part) => part.heading === heading);
  if (found === undefined) throw new Error(`${guide} has no part ${heading}`);
  return found;
}

/** A file that a command names lies in the folder of the test. */
async function type(line: string, ...more: readonly string[]) {
  const words = line.replace(/^clusterlift /, '').split(' ');
  const own = words.map((word) => (/\.(yaml|json)$/.test(word) ? join(files, word) : word));
  const end = await cli.run(...own, ...more);
  return { line, code: end.code, said: `${end.out}${end.err}` };
}

async function untilActive(name: string): Promise<void> {
  await eventually(`${name} is active`, limitMs, async () => {
    const { status } = await cli.json<{ status: string }>('cluster', 'show', name);
    return status === 'active' ? true : undefined;
  });
}

describe('the guides', { timeout: 1_200_000 }, () => {
  it('lift an Elasticsearch cluster of one’s own', async () => {
    // One that runs already is made first, in place of being registered.
    const own = 'origin: created\nrelease: { version: 6.7.0 }\nnodes: [{ name: logs-1 }, { name: logs-2 }, { name: logs-3 }]\n';
    const described = partOf('own-elasticsearch.md', 'Describe it and register it').file.replace(/nodes:[\s\S]*/, own);
    writeFileSync(join(files, 'logs.yaml'), described + slowly);
    expect((await type('clusterlift cluster add logs.yaml')).code).toBe(0);
    await untilActive('logs');
    for (const line of partOf('own-elasticsearch.md', 'Ask first').commands) {
      // Findings are an answer, too; and so many rehearsals are those of others.
      const more = line.includes('rehearse') ? ['--runs', '1', '--no-faults'] : [];
      const { code, said } = await type(line, ...more);
      expect([line, [0, 3].includes(code ?? -1) ? 'answered' : said]).toEqual([line, 'answered']);
    }
    for (const line of partOf('own-elasticsearch.md', 'Start it').commands) {
      const { code, said } = await type(line);
      // On a machine that is busy the upgrade may be over before somebody pauses it.
      const wentWell = code === 0 || (/ (pause|resume) /.test(line) && said.includes('has ended'));
      expect([line, wentWell ? 'done' : said]).toEqual([line, 'done']);
    }
    expect(await cli.json('cluster', 'show', 'logs')).toMatchObject({ status: 'active', release: { version: '6.8.23' } });
  });

  it('make a Kubernetes control plane, lift it and take it back', async () => {
    const { file, commands } = partOf('own-kubernetes.md', 'One that Clusterlift makes');
    writeFileSync(join(files, 'shop.yaml'), file.replace(/soakSeconds: \d+/, 'soakSeconds: 1') + quickly);
    expect(commands.map((line) => line.split(' ').slice(1, 3).join(' '))).toContain('upgrade rollback');
    for (const line of commands) {
      if (line.includes('plan shop')) await untilActive('shop');
      expect(await type(line)).toMatchObject({ line, code: 0 });
    }
    expect(await cli.json('cluster', 'show', 'shop')).toMatchObject({ status: 'active', release: { version: '1.36' } });
  });
});
