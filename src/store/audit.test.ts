import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, sampleAuditEntry, type TestStore } from './samples.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('the audit trail', () => {
  it('gives entries back as they were written, newest first, to their account alone', async () => {
    const entries = [
      sampleAuditEntry({ account: 'a', code: 'denied', status: 403, made: null, isSession: true, address: '::1' }),
      sampleAuditEntry({ account: 'b' }),
      sampleAuditEntry({ account: 'a' }),
    ];
    for (const entry of entries) await test.store.insertAuditEntry(entry);
    const found = await test.store.listAudit('a', 10, null);
    expect(found.map(({ seq: _, ...entry }) => entry)).toEqual([entries[2], entries[0]]);
    expect(await test.store.listAudit('c', 10, null)).toEqual([]);
  });

  it('is read page by page, each entry exactly once, also while others are written', async () => {
    const account = 'pages';
    for (let number = 0; number < 7; number += 1)
      await test.store.insertAuditEntry(sampleAuditEntry({ account, about: String(number) }));
    const seen: string[] = [];
    let before: number | null = null;
    for (let page = await test.store.listAudit(account, 3, before); page.length > 0; ) {
      seen.push(...page.map(({ about }) => about));
      before = page.at(-1)?.seq ?? null;
      await test.store.insertAuditEntry(sampleAuditEntry({ account, about: 'later' }));
      page = await test.store.listAudit(account, 3, before);
    }
    expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });

  it('takes a text that no database takes as it takes every text of a stranger', async () => {
    const account = 'texts';
    await test.store.insertAuditEntry(sampleAuditEntry({ account, about: 'a\u0000b' }));
    expect((await test.store.listAudit(account, 10, null)).map(({ about }) => about.startsWith('a'))).toEqual([true]);
  });
});
