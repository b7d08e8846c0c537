import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

const folder = mkdtempSync(join(tmpdir(), 'clusterlift-print-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('changes with every file below a folder, and stays while nothing changes', () => {
  const prints = [fingerprintOf(join(folder, 'conf'))];
  const note = () => {
    prints.push(fingerprintOf(join(folder, 'conf')));
    expect(fingerprintOf(join(folder, 'conf'))).toBe(prints.at(-1));
  };
  mkdirSync(join(folder, 'conf', 'deeper'), { recursive: true });
  writeFileSync(join(folder, 'conf', 'elasticsearch.yml'), 'a: 1');
  note();
  writeFileSync(join(folder, 'conf', 'deeper', 'words.txt'), 'one');
  note();
  writeFileSync(join(folder, 'conf', 'elasticsearch.yml'), 'a: 12');
  note();
  // Of the same length, a moment later.
  writeFileSync(join(folder, 'conf', 'elasticsearch.yml'), 'a: 13');
  utimesSync(join(folder, 'conf', 'elasticsearch.yml'), 1_000, 1_000);
  note();
  rmSync(join(folder, 'conf', 'deeper'), { recursive: true });
  note();
  expect(new Set(prints).size).toBe(prints.length);
});
