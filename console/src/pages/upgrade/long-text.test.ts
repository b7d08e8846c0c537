import { expect, test } from 'vitest';
import { shortened } from './long-text.ts';

test('what is short is told whole', () => {
  expect(shortened('It joins by itself.')).toEqual({ says: 'It joins by itself.', whole: null });
});

test('what is long is cut between two names, and the whole of it is kept', () => {
  const names = Array.from({ length: 60 }, (_, index) => `hook-${index}`);
  const text = `a is not ready yet (${names.join(', ')}).`;
  const { says, whole } = shortened(text);
  expect(whole).toBe(text);
  expect(says).toMatch(/hook-\d+, …$/);
  expect(says.length).toBeLessThan(210);
  expect(shortened('x'.repeat(500)).says).toHaveLength(202);
});
