import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyOverlay } from './overlay.ts';

function changed(text: string): unknown {
  const root = mkdtempSync(join(tmpdir(), 'clusterlift-overlay-'));
  writeFileSync(join(root, 'settings.yml'), text);
  const overlay = { path: 'settings.yml', remove: ['peers', 'a.b'], set: { port: '1', data: '${data}', hosts: [] } };
  applyOverlay(root, overlay, (value) => value.replace('${data}', '/scratch'));
  return parse(readFileSync(join(root, 'settings.yml'), 'utf8'));
}

it('changes what is named and keeps the rest, whether it was written flat or nested', () => {
  const text = 'port: 9200\npeers: [x, y]\na:\n  b: 1\n  c: {d: [2, 3]}\nfoo.bar: true\n';
  expect(changed(text)).toEqual({ port: '1', data: '/scratch', hosts: [], 'a.c.d': [2, 3], 'foo.bar': true });
});

it('makes a file of what is set where the owner’s has no settings at all', () => {
  expect(changed('# nothing\n')).toEqual({ port: '1', data: '/scratch', hosts: [] });
});

it('throws on a file that is no YAML: the trial could not run', () => {
  expect(() => changed('a: [\n')).toThrow();
});

it('takes away all settings with a beginning that is named', () => {
  const root = mkdtempSync(join(tmpdir(), 'clusterlift-overlay-'));
  writeFileSync(join(root, 'settings.yml'), 'a.remote: {x: {seeds: [y]}}\na.remote.z: 1\na.remoteness: 2\n');
  applyOverlay(root, { path: 'settings.yml', remove: ['a.remote.*'], set: {} }, (value) => value);
  expect(parse(readFileSync(join(root, 'settings.yml'), 'utf8'))).toEqual({ 'a.remoteness': 2 });
});
