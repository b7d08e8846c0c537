import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLines } from './last-lines.ts';

function linesOf(text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-lines-'));
  try {
    writeFileSync(join(folder, 'stdout.log'), text);
    return lastLines(join(folder, 'stdout.log'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the last lines of a process', () => {
  it('are its headlines and causes, without stack frames', () => {
    const text = [
      '[2026-01-01T00:00:00,000][INFO ][o.e.n.Node] [n1] initializing ...',
      'java.lang.IllegalArgumentException: unknown setting [foo.bar]',
      '\tat org.elasticsearch.Settings.validate(Settings.java:1)',
      'Caused by: java.io.IOException: disk',
      '\t... 6 more',
    ].join('\n');
    expect(linesOf(text)).toEqual([
      'java.lang.IllegalArgumentException: unknown setting [foo.bar]',
      'Caused by: java.io.IOException: disk',
    ]);
  });

  it('are the points below a headline, too', () => {
    const text = ['ERROR: [1] bootstrap checks failed', '[1]: max file descriptors [4096] is too low', 'stopped'];
    expect(linesOf(text.join('\n'))).toEqual(text.slice(0, 2));
  });

  it('leave out what the JVM logs of itself on its way out, however much that is', () => {
    const noise = Array.from(
      { length: 100 },
      (_, n) => `[3.7${n}s][warning][cds] Skipping org/joni/exception/InternalException${n}: Unlinked class`,
    );
    expect(linesOf(['unknown setting [foo.bar]', ...noise].join('\n'))).toEqual(['unknown setting [foo.bar]']);
  });

  it('are the plain end where nothing in it looks like trouble, and nothing where there is no log', () => {
    expect(linesOf('one\ntwo\n')).toEqual(['one', 'two']);
    expect(lastLines('/nowhere/stdout.log')).toEqual([]);
  });
});
