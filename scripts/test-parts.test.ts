import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without types, so that it runs before anything is compiled
import { failuresIn, leftOutIn, missingTools, partsToRun, reportOf } from './test-parts.js';

const part = { counted: true };
const report = (passed: number, failed: number, files: unknown[] = []) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, testResults: files });
const clean = { code: 0, signal: null };
const unclean = { code: 1, signal: null };

describe('the figures of a part', () => {
  it('are those of its report', () => {
    expect(reportOf(part, clean, report(7, 0))).toMatchObject({ passed: 7, failed: 0 });
    expect(reportOf(part, unclean, report(7, 2))).toMatchObject({ passed: 7, failed: 2 });
  });

  it('count a file that could not be loaded as failed', () => {
    const broken = [{ status: 'failed', assertionResults: [] }];
    expect(reportOf(part, unclean, report(7, 0, broken))).toMatchObject({ passed: 7, failed: 1 });
  });

  it('are a failure when there is no report, no test, or an unclean end', () => {
    expect(reportOf(part, { code: null, signal: 'SIGTERM' }, null)).toMatchObject({ passed: 0, failed: 1 });
    expect(reportOf(part, clean, report(0, 0))).toMatchObject({ passed: 0, failed: 1 });
    expect(reportOf(part, unclean, report(7, 0))).toMatchObject({ passed: 7, failed: 1 });
  });

  it('of a part without tests are a failure or nothing', () => {
    expect(reportOf({ counted: false }, clean, null)).toMatchObject({ passed: 0, failed: 0 });
    expect(reportOf({ counted: false }, unclean, null)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('what was left out of a part that ran', () => {
  it('is told by file and group of tests, with how many there are', () => {
    const left = (title: string, group: string) => ({ status: 'skipped', ancestorTitles: [group], title });
    const files = [
      { name: 'a.test.ts', assertionResults: [left('one', 'kubectl'), left('two', 'kubectl'), left('alone', '')] },
      { name: 'b.test.ts', assertionResults: [{ status: 'passed', ancestorTitles: [], title: 'runs' }] },
    ];
    expect(leftOutIn(report(1, 0, files))).toEqual(['a.test.ts: kubectl (2 tests)', 'a.test.ts: alone (1 test)']);
  });
});

describe('the failures of a part', () => {
  it('are told with file, name and the first lines of what went wrong', () => {
    const files = [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'stays quiet', failureMessages: [] },
          { status: 'failed', fullName: 'says what it wants', failureMessages: ['expected 1\nto be 2\nat line 7'] },
        ],
      },
      { name: 'b.test.ts', status: 'failed', assertionResults: [], message: 'cannot be loaded' },
      { name: 'c.test.ts', status: 'passed', assertionResults: [] },
    ];
    expect(failuresIn(report(1, 1, files), 2)).toEqual([
      'a.test.ts: says what it wants',
      '      expected 1',
      '      to be 2',
      'b.test.ts',
      '      cannot be loaded',
    ]);
  });

  it('are none where nothing failed', () => {
    expect(failuresIn(report(1, 0, [{ name: 'c.test.ts', status: 'passed', assertionResults: [] }]))).toEqual([]);
  });
});

describe('the tools for real clusters', () => {
  const there = (stderr: string) => ({ status: 0, stdout: '', stderr });

  it('are missing with what to install', () => {
    const none = missingTools(() => ({ error: new Error('ENOENT'), status: null }));
    expect(none.map((tool: { name: string }) => tool.name)).toEqual(['java', 'go', 'mvn']);
    expect(none[0].remedy).toContain('Java 17');
  });

  it('include Java 17 and no other', () => {
    expect(missingTools(() => there('openjdk version "17.0.15"'))).toEqual([]);
    expect(missingTools(() => there('openjdk version "21.0.1"'))[0].says).toContain('Java 21');
  });
});

it('runs the parts that are named, in order, and says which name is unknown', () => {
  expect(partsToRun(null).parts.map((p: { name: string }) => p.name)).toEqual([
    'typecheck',
    'console-types',
    'lint',
    'fast',
    'server',
    'faults',
    'browser',
    'console',
    'real',
    'components',
    'kubernetes',
  ]);
  expect(partsToRun(['real', 'fast']).parts.map((p: { name: string }) => p.name)).toEqual(['fast', 'real']);
  expect(partsToRun(['reel'])).toMatchObject({ unknown: ['reel'] });
});
