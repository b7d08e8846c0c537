import { expect, it } from 'vitest';
import { connectionFromUrl } from './connection.ts';
import { openPool } from './db.ts';
import { openTestStore, storedUpgrade } from './samples.ts';
import { silentLog } from './testing.ts';

it('a server that is frozen within a transaction does not keep its locks from another', { timeout: 60_000 }, async () => {
  const test = await openTestStore();
  const upgrade = await storedUpgrade(test.store);
  const frozen = openPool(connectionFromUrl(test.url), silentLog);
  const client = await frozen.connect();
  await client.query('begin');
  await client.query("update clusterlift.upgrades set intent = 'pause' where id = $1", [upgrade.id]);
  const raised = await test.store.nextGeneration(upgrade.id, 1, upgrade.createdAt);
  expect(raised).toMatchObject({ generation: 2, intent: 'go' });
  await expect(client.query('commit')).rejects.toThrow();
  client.release(true);
  await frozen.end();
  await test.close();
});
