import { describe, expect, it } from 'vitest';
import { createRevisions } from './revisions.ts';

const at = (id: string, revision: number, unfinished = true) => ({ id, revision, unfinished });

describe('the books of what was told', () => {
  it('begin with what is there, which nobody has missed', () => {
    const revisions = createRevisions();
    revisions.noticed('b', 1);
    expect(revisions.compared([at('a', 5), at('b', 1)])).toEqual([]);
    expect(revisions.compared([at('a', 5), at('b', 1)])).toEqual([]);
  });

  it('tell once of a change without a notice, and never of one with', () => {
    const revisions = createRevisions();
    revisions.compared([at('a', 5), at('b', 1)]);
    revisions.noticed('a', 6);
    revisions.noticed('new', 1);
    const now = [at('a', 6), at('b', 2), at('new', 1), at('newer', 1)];
    expect(revisions.compared(now)).toEqual(['b', 'newer']);
    expect(revisions.compared(now)).toEqual([]);
  });

  it('tell of a change that came after the one that was noticed', () => {
    const revisions = createRevisions();
    revisions.compared([at('a', 5)]);
    revisions.noticed('a', 6);
    expect(revisions.compared([at('a', 7)])).toEqual(['a']);
  });

  it('are not confused by a notice that is newer, or older, than what is compared', () => {
    const revisions = createRevisions();
    revisions.compared([at('a', 5)]);
    revisions.noticed('a', 7);
    revisions.noticed('a', 6);
    expect(revisions.compared([at('a', 5)])).toEqual([]);
    expect(revisions.compared([at('a', 7)])).toEqual([]);
  });

  it('ask about an upgrade until its end was told, and forget it then', () => {
    const revisions = createRevisions();
    revisions.compared([at('ended', 5), at('gone', 5)]);
    expect(revisions.known()).toEqual(['ended', 'gone']);
    expect(revisions.compared([at('ended', 6, false)])).toEqual(['ended', 'gone']);
    expect(revisions.known()).toEqual([]);
    expect(revisions.compared([])).toEqual([]);
  });
});
