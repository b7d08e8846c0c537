import { type AddressOptions, addressFrom } from './address.ts';
import { type Api, createApi } from './api/client.ts';
import { type Paint, paintFor } from './output/paint.ts';
import { printable } from './output/words.ts';
import type { Shell } from './shell.ts';

export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml';

/** Options that every command has. */
export interface GlobalOptions extends AddressOptions {
  readonly output?: OutputFormat;
}

/** What a command works with. */
export interface Session {
  readonly shell: Shell;
  readonly options: GlobalOptions;
  readonly api: Api;
  readonly output: OutputFormat;
  readonly paint: Paint;
  /** The answer: as it is for programs, rendered for people. */
  print<T>(answer: T, render: (answer: T) => string): Promise<void>;
  /** For people beside the answer, on stderr: progress, what was assumed. */
  note(text: string): void;
}

/** `nothing`: of commands that call no server, so that they work where there is neither server nor key. */
export async function openSession(options: GlobalOptions, shell: Shell, calls: 'server' | 'nothing'): Promise<Session> {
  const output = options.output ?? 'table';
  const address = calls === 'server' ? await addressFrom(options, shell) : null;
  return {
    shell,
    options,
    get api() {
      if (address === null) throw new Error('this command was declared to call no server');
      return createApi(address, shell);
    },
    output,
    paint: paintFor(shell),
    print: async (answer, render) => {
      shell.out.write(isForPeople(output) ? render(printable(answer)) : await serialized(answer, output));
    },
    note: (text) => shell.err.write(`${printable(text)}\n`),
  };
}

export function isForPeople(output: OutputFormat): output is 'table' | 'wide' {
  return output === 'table' || output === 'wide';
}

/** One document; `lines` of JSON stay one line each, for programs that read while it goes on. */
export async function serialized(
  answer: unknown,
  output: Exclude<OutputFormat, 'table' | 'wide'>,
  shape: 'document' | 'lines' = 'document',
): Promise<string> {
  if (output === 'json') return `${JSON.stringify(answer, null, shape === 'document' ? 2 : 0)}\n`;
  const { stringify } = await import('yaml');
  return `${shape === 'lines' ? '---\n' : ''}${stringify(answer)}`;
}
