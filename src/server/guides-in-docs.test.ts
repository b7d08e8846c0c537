import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Check, Errors } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../cli/program.ts';
import type { Run } from '../cli/run.ts';
import type { Shell } from '../cli/shell.ts';
import { NewCluster } from '../faces/native/wire/index.ts';
import { readConfig } from './config.ts';

const docs = join(import.meta.dirname, '../../docs');
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
const guides = pages.filter((file) => file.startsWith('guides'));

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

const textOf = (page: string) => readFileSync(join(docs, page), 'utf8');

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```/gm)].map(([, language = '', text = '']) => ({ page, language, text })),
);

/** What a person would type, without what the shell does around it. */
const commands = blocks
  .filter(({ language }) => language === '' || language === 'sh')
  .flatMap(({ page, text }) =>
    text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
      .filter((line) => /^(npx )?clusterlift /.test(line) && !line.includes('|'))
      .map((line) => ({ page, line })),
  );

/** The command line, with acts that are counted and not done. */
async function acted(line: string): Promise<number> {
  let acts = 0;
  const run = (() => async () => {
    acts += 1;
  }) as unknown as Run;
  const nothing = { columns: 110, write: () => true };
  const program = createProgram(run, run, { out: nothing, err: nothing } as unknown as Shell);
  const words = line
    .replace(/^(npx )?clusterlift /, '')
    .replace(/\s*[<>].*$/, '')
    .split(/\s+/);
  // The server reads its own options.
  if (words[0] === 'server')
    return words
      .slice(1)
      .filter((word) => word.startsWith('--'))
      .every((word) => ['--simulate', '--config'].includes(word))
      ? 1
      : 0;
  await program.parseAsync(words, { from: 'user' });
  return acts;
}

describe('the documents', () => {
  it('have commands that the command line takes', async () => {
    expect(commands.length).toBeGreaterThan(40);
    for (const { page, line } of commands) {
      const ended = await acted(line).catch((error: unknown) => String(error));
      expect([page, line, ended]).toEqual([page, line, 1]);
    }
  });

  it('have links that lead somewhere', () => {
    for (const page of pages)
      for (const [, target = ''] of textOf(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g))
        expect(() => readFileSync(join(docs, dirname(page), target)), `${page}: ${target}`).not.toThrow();
  });

  it('name files of the sources that there are', () => {
    for (const page of guides)
      for (const [, file = ''] of textOf(page).matchAll(/`((?:src|test|catalog)\/[\w./-]+\.\w+)`/g))
        expect(() => readFileSync(join(docs, '..', file)), `${page}: ${file}`).not.toThrow();
  });
});

describe('the guides', () => {
  it('describe clusters as the native API takes them', () => {
    const descriptions = blocks.filter(
      ({ page, language, text }) => guides.includes(page) && /^yaml/.test(language) && /^engine:/m.test(text),
    );
    expect(descriptions).toHaveLength(3);
    for (const { page, text } of descriptions) {
      const given = {
        ...(parse(text) as object),
        ...(/^members:/m.test(text) ? { credentials: { kubeconfig: 'of --kubeconfig' } } : {}),
      };
      expect([page, Check(NewCluster, given) ? [] : Errors(NewCluster, given)]).toEqual([page, []]);
    }
  });

  it('have configurations that the server takes', () => {
    const configurations = blocks.filter(({ language, text }) => /^yaml file=/.test(language) && /^databaseUrl:/m.test(text));
    expect(configurations).toHaveLength(2);
    const folder = mkdtempSync(join(tmpdir(), 'clusterlift-guides-'));
    for (const { text } of configurations) {
      const config = join(folder, 'config.yaml');
      writeFileSync(config, text);
      expect(readConfig({ config }, { HOME: folder }, false)).toMatchObject({ kind: 'config' });
    }
    rmSync(folder, { recursive: true });
  });

  it('show the check as it stands in the sources', () => {
    const [shown] = blocks.filter(({ page, language }) => page === 'guides/add-a-check.md' && language === 'ts');
    const file = join(import.meta.dirname, '../engines/elasticsearch/checks/no-snapshot-runs.ts');
    expect(shown?.text).toBe(readFileSync(file, 'utf8'));
  });
});
