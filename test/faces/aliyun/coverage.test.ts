import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elasticsearchEngine } from '../../../src/engines/elasticsearch/index.ts';
import { errorTable } from '../../../src/faces/aliyun/errors.ts';
import { routes } from '../../../src/faces/aliyun/routes.ts';
import { errorTypeOfCheck, errorTypes } from '../../../src/faces/aliyun/translate/dry-run.ts';

const page = readFileSync(new URL('../../../src/faces/aliyun/coverage.md', import.meta.url), 'utf8');

/** Rows of the table below a heading: cells without their marks. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('coverage.md', () => {
  it('names every check of the engine with its error type', () => {
    const checks = elasticsearchEngine.checks.map((check) => check.id);
    expect(Object.keys(errorTypeOfCheck).toSorted()).toEqual(checks.toSorted());
    expect(rows('Checks and error types')).toEqual(
      Object.entries(errorTypeOfCheck).map(([check, type]) => [check, type, errorTypes[type].validateType]),
    );
  });

  it('names every operation with its path', () => {
    expect(rows('Operations').map(([name, path]) => [name, path])).toEqual(
      routes.map(({ name, method, path }) => [name, `${method} /openapi${path}`]),
    );
  });

  it('names every error with its status and its text', () => {
    expect(rows('Errors')).toEqual(
      Object.entries(errorTable).map(([code, { status, message }]) => [code, String(status), message]),
    );
  });
});
