import { expect, test } from 'vitest';
import { endingSays } from './ending.ts';

const upgrade = { from: '6.3.2', to: '6.7.0', reason: null };
const reason = { says: 'n-1 does not start.' };

test.each([
  ['done', null, 'logs was lifted from 6.3.2 to 6.7.0 in 3 min.'],
  ['cancelled', null, 'The upgrade of logs from 6.3.2 to 6.7.0 was cancelled after 3 min.'],
  ['returned', reason, 'The upgrade of logs to 6.7.0 went back to 6.3.2 by itself after 3 min. n-1 does not start.'],
  ['stopped', reason, 'The upgrade of logs from 6.3.2 to 6.7.0 has not ended: it is stopped. n-1 does not start.'],
])('of one that is %s it is said how it ended', (status, because, says) => {
  expect(endingSays({ ...upgrade, status, reason: because }, 'logs', '3 min')).toBe(says);
});
