import { expect, test } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

const print = (...shell: readonly string[]) =>
  runCommand(['completion', ...shell], { url: '', env: { CLUSTERLIFT_ACCESS_KEY_ID: '' } });

test.each(['bash', 'zsh', 'fish'])('the script of %s knows the verbs and needs no key', async (shell) => {
  const ran = await print(shell);
  expect(ran).toMatchObject({ code: 0, err: '' });
  for (const word of ['upgrade', 'watch', 'revoke', '--output', '--context', 'completion'])
    expect([word, ran.out.includes(shell === 'fish' ? word.replace('--', '-l ') : word)]).toEqual([word, true]);
});

test('another shell is a mistake of usage, and the three are named', async () => {
  const ran = await print('tcsh');
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('Allowed choices are bash, zsh, fish.');
});
