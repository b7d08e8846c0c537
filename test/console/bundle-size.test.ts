import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtFolder } from './build.ts';

const signInMaxKb = 450;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(builtFolder, '.vite', 'manifest.json'), 'utf8')) as Readonly<Record<string, Chunk>>;

function chunk(name: string): Chunk {
  const found = manifest[name];
  if (found === undefined) throw new Error(`the build has no ${name}`);
  return found;
}

/** A chunk with all that is loaded before it runs. */
function filesOf(name: string, seen = new Set<string>()): ReadonlySet<string> {
  const { file, imports = [], css = [] } = chunk(name);
  if (seen.has(file)) return seen;
  for (const one of [file, ...css]) seen.add(one);
  for (const other of imports) filesOf(other, seen);
  return seen;
}

const gzippedKb = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(builtFolder, file))).length, 0) / 1_000;

describe('the built console', () => {
  it('sends at most 450 kB, gzipped, to whoever signs in', () => {
    const kb = gzippedKb(['index.html', 'theme.js', ...filesOf('index.html')]);
    console.info(`at sign-in: ${kb.toFixed(1)} kB gzipped`);
    expect(kb).toBeGreaterThan(20);
    expect(kb).toBeLessThanOrEqual(signInMaxKb);
  });

  it('sends each page only to whoever goes there', () => {
    const { dynamicImports = [] } = chunk('index.html');
    const atSignIn = filesOf('index.html');
    const pages = dynamicImports.filter((name) => name.startsWith('src/pages/')).sort();
    expect(pages).toEqual(
      ['audit', 'cluster', 'keys', 'overview', 'plan', 'releases', 'report', 'upgrade'].map(
        (page) => `src/pages/${page}/index.tsx`,
      ),
    );
    expect(pages.filter((name) => atSignIn.has(chunk(name).file))).toEqual([]);
  });
});
