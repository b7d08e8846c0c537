import { expect, it } from 'vitest';
import { cut } from './screen.ts';

it('cuts a line to the width that is seen, colours aside', () => {
  expect(cut('\u001b[32mabcdef\u001b[0m', 4)).toBe('\u001b[32mabc\u001b[0m');
});
