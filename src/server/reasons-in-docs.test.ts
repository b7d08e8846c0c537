import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elasticsearchEngine } from '../engines/elasticsearch/index.ts';
import { kubernetesEngine } from '../engines/kubernetes/index.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/reasons.md'), 'utf8');

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
}

/** Rows below a heading, up to the next one of its rank. */
function rowsOf(heading: string): readonly Row[] {
  const text = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return text
    .split('\n')
    .filter((line) => line.startsWith('| <a id='))
    .map((line) => {
      const [first = '', ...cells] = line.split('|').slice(1, -1);
      const [, anchor = '', id = ''] = /<a id="([^"]+)"><\/a>`([^`]+)`/.exec(first) ?? [];
      expect(anchor).toBe(id);
      return { id, cells: cells.map((cell) => cell.trim()) };
    });
}

/** Names that stand in the code of the rules, each in quotes. */
function named(folder: string): ReadonlySet<string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => file.endsWith('.ts') && !/test(ing[\w-]*)?\.ts$|testing/.test(file));
  const texts = own.map((file) => readFileSync(join(root, folder, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/'((?:es|k8s|lift|act)\.[a-z0-9-]+)'/g)].map(([, id]) => id ?? '')));
}

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);
const checks = [...elasticsearchEngine.checks, ...kubernetesEngine.checks];
const guards = [...named('src/engines/elasticsearch/guards'), ...named('src/engines/kubernetes/guards')];
/** A mark of the ledger, not a reason. */
const noReason = ['k8s.force-eviction'];

describe('docs/reasons.md', () => {
  it('has every check with what it asks, in its order, and no other', () => {
    expect(rowsOf('Checks').map(({ id, cells }) => [id, cells[0]])).toEqual(checks.map(({ id, asks }) => [id, asks]));
  });

  it('has every guard, and no other', () => {
    const bothGuardAndCheck = guards.filter((id) => checks.some((check) => check.id === id));
    expect(bothGuardAndCheck).toEqual(['k8s.nodes-within-skew']);
    expect(ids(rowsOf('Guards')).toSorted()).toEqual(guards.filter((id) => !bothGuardAndCheck.includes(id)).toSorted());
  });

  it('has every reason to wait or to stop, and no other', () => {
    const known = new Set([...checks.map(({ id }) => id), ...guards, ...noReason]);
    const inCode = [...named('src/engines'), ...named('src/control')].filter((id) => !known.has(id));
    expect(inCode.length).toBeGreaterThan(50);
    // A reason of one engine may be named by the same word as a guard: then it stands among the guards.
    expect(ids(rowsOf('Waits and stops')).toSorted()).toEqual([...new Set(inCode)].toSorted());
  });

  it('gives each an anchor of its own, with two sentences that end', () => {
    const rows = ['Waits and stops', 'Guards', 'Checks'].flatMap(rowsOf);
    expect(new Set(ids(rows)).size).toBe(rows.length);
    for (const { id, cells } of rows) {
      expect(cells, id).toHaveLength(2);
      for (const cell of cells) expect(cell, id).toMatch(/^(etcd|[`A-Z]).*[.?]$/);
    }
  });

  it('leads to pages and anchors that there are', () => {
    const anchors = new Set([...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('#')) expect(anchors).toContain(target.slice(1));
      else expect(() => readFileSync(join(root, 'docs', target)), target).not.toThrow();
    }
  });
});
