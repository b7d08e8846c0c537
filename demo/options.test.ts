import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const stories = [
  { name: 'one', says: 'The first.' },
  { name: 'another', says: 'The second.' },
];
const read = (...args: readonly string[]) => readOptions(args, stories);

describe('the command line of the demo', () => {
  it('tells the first story unless another is named, with the same options', () => {
    expect(read()).toEqual({ kind: 'options', options: { story: 'one', report: null, keep: false, simulate: false, end: null } });
    expect(read('another', '--keep', '--simulate', '--report', 'f.json')).toEqual({
      kind: 'options',
      options: { story: 'another', report: 'f.json', keep: true, simulate: true, end: null },
    });
    expect(read('--end', '/tmp/cl-demo-1')).toMatchObject({ options: { end: '/tmp/cl-demo-1' } });
  });

  it('lists the stories where there is none of that name', () => {
    const wrong = read('third');
    expect(wrong).toMatchObject({ kind: 'wrong', says: expect.stringMatching(/^There is no story third\.\n/) });
    expect(wrong).toMatchObject({ says: expect.stringMatching(/one +The first\. \(the usual one\)\n +another +The second\./) });
  });

  it('refuses two stories at once and options that it does not know', () => {
    expect(read('one', 'another')).toMatchObject({ kind: 'wrong', says: expect.stringContaining('One story at a time.') });
    expect(read('--fast')).toMatchObject({ kind: 'wrong', says: expect.stringContaining('--fast') });
    expect(read('--help')).toMatchObject({ kind: 'help', text: expect.stringContaining('another') });
  });
});
