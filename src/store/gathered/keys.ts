import type { Selectable } from 'kysely';
import type { Pool } from 'pg';
import type { AccessKey, SecretBox } from '../../domain/index.ts';
import { keyFromRow } from '../rows/key-row.ts';
import type { Tables } from '../tables.ts';
import { Kept } from './kept.ts';
import { named, orError, rowsOf, type Statement, versionOf } from './statement.ts';

const keptMax = 4_000;

const versions: Statement = {
  name: 'key versions',
  text: `select k.id, ${versionOf('k')} as version from ${named('access_keys')} k where k.id = any ($1::text[])`,
};
const columns = ['id', 'sealed_secret', 'account', 'description', 'status', 'policy', 'created_at'];
const wholeRows: Statement = {
  name: 'keys',
  text: `select ${columns.map((column) => `k.${column}`).join(', ')}, ${versionOf('k')} as version from ${named('access_keys')} k where k.id = any ($1::text[])`,
};

interface Versioned {
  readonly id: string;
  readonly version: string;
}

/** Keys in the order in which they are asked for. */
export function keyReads(
  pool: Pool,
  box: SecretBox,
): (ids: readonly string[]) => Promise<readonly (AccessKey | Error | undefined)[]> {
  const kept = new Kept<AccessKey>(keptMax);
  return async (ids) => {
    const found = new Map<string, AccessKey | Error>();
    const changed: string[] = [];
    for (const { id, version } of await rowsOf<Versioned>(pool, versions, [ids])) {
      const known = kept.get(id, version);
      if (known === undefined) changed.push(id);
      else found.set(id, known);
    }
    if (changed.length > 0)
      for (const row of await rowsOf<Selectable<Tables['access_keys']> & Versioned>(pool, wholeRows, [changed])) {
        const key = orError(() => keyFromRow(row, box));
        if (!(key instanceof Error)) kept.set(row.id, row.version, key);
        found.set(row.id, key);
      }
    return ids.map((id) => found.get(id));
  };
}
