import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const table = new URL('../../docs/faults.md', import.meta.url);
const rows = readFileSync(table, 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

/** Each `[name](path): name of a test` of the last cell; a `; ` within the name of a test belongs to it. */
const links = (cell: string) =>
  cell.split(/; (?=\[)/).flatMap((link) => {
    const [, path, name] = /^\[[^\]]+\]\(([^)]+)\): (.+)$/.exec(link) ?? [];
    return path === undefined || name === undefined ? [] : [{ path, name }];
  });

describe('the table of faults', () => {
  it('has every row once, in order', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  });

  it.each(rows)(
    'row %s (%s) names tests that exist, or the feature that it waits for',
    (_number, _wrong, must = '', shown = '') => {
      if (shown === 'none yet') {
        expect(must).toContain('do not exist yet');
        return;
      }
      const named = links(shown);
      expect(named.length).toBeGreaterThan(0);
      expect(named.length).toBe(shown.split('](').length - 1);
      for (const { path, name } of named) {
        const file = fileURLToPath(new URL(path, table));
        expect(existsSync(file), path).toBe(true);
        const text = readFileSync(file, 'utf8');
        expect(text.includes(`'${name}'`) || text.includes(`'${name.replaceAll('’', "\\'")}'`), `${path}: ${name}`).toBe(true);
      }
    },
  );
});
