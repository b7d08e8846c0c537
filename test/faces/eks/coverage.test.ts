import { readFileSync } from 'node:fs';
import * as client from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorBody, errorTable, fail } from '../../../src/faces/eks/errors.ts';
import { notOfferedRoutes } from '../../../src/faces/eks/not-offered.ts';
import { routes } from '../../../src/faces/eks/routes.ts';
import { errorTroubles } from './shapes.ts';

const page = readFileSync(new URL('../../../src/faces/eks/coverage.md', import.meta.url), 'utf8');

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
  it('names every operation that is offered with its path', () => {
    const offered = routes.filter((route) => !notOfferedRoutes.includes(route));
    const told = rows('Operations').map(([name, path]) => `${name} ${path}`);
    expect(told.toSorted()).toEqual(offered.map(({ name, method, path }) => `${name} ${method} ${path}`).toSorted());
  });

  it('names every error with its status', () => {
    const told = rows('Errors').map(([code, status]) => [code, status]);
    expect(told).toEqual(Object.entries(errorTable).map(([code, { status }]) => [code, String(status)]));
  });
});

describe('routes', () => {
  it('are those of the official client, operation by operation', () => {
    const schemas = Object.values(client).filter((schema): schema is readonly unknown[] & typeof schema => {
      return Array.isArray(schema) && schema[0] === 9;
    });
    const anyName = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');
    const theirs = schemas.map((schema) => {
      const { http } = schema[3] as { readonly http: readonly [string, string, number] };
      return `${String(schema[2])} ${http[0]} ${anyName(http[1])}`;
    });
    expect(theirs).toHaveLength(70);
    expect(routes.map(({ name, method, path }) => `${name} ${method} ${anyName(path)}`).toSorted()).toEqual(theirs.toSorted());
  });
});

describe('every error', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('%s has the members and the status that the client knows it by', (code) => {
    expect(errorTroubles('any', code, errorTable[code].status, errorBody(fail(code, 'why')))).toEqual([]);
  });
});
