import { type Api, createApi } from './api/client.ts';
import { keyRemedy } from './api/refusals.ts';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { type Paint, paintFor } from './output/paint.ts';
import { printable } from './output/words.ts';
import type { Shell } from './shell.ts';

export type OutputFormat = 'table' | 'json' | 'yaml';

/** Options that every command has. */
export interface GlobalOptions {
  readonly url?: string;
  readonly keyId?: string;
  readonly output?: OutputFormat;
}

/** What a command works with. */
export interface Session {
  readonly shell: Shell;
  readonly api: Api;
  readonly output: OutputFormat;
  readonly paint: Paint;
  /** The answer: as it is for programs, rendered for people. */
  print<T>(answer: T, render: (answer: T) => string): Promise<void>;
  /** For people beside the answer, on stderr: progress, what was assumed. */
  note(text: string): void;
}

const defaultUrl = 'http://127.0.0.1:7171';

export function openSession(options: GlobalOptions, shell: Shell): Session {
  const output = options.output ?? 'table';
  const secret = given(shell.env.CLUSTERLIFT_SECRET_ACCESS_KEY);
  const keyId = given(options.keyId) ?? given(shell.env.CLUSTERLIFT_ACCESS_KEY_ID);
  if (keyId === undefined || secret === undefined) {
    const missing = keyId === undefined ? 'access key id' : 'secret of the access key';
    throw new Failure(exitCodes.usage, `There is no ${missing} to call the server with.`, { remedy: keyRemedy });
  }
  const url = urlFrom(given(options.url) ?? given(shell.env.CLUSTERLIFT_URL) ?? defaultUrl);
  const session: Session = {
    shell,
    api: createApi({ url, keyId, secret }, shell),
    output,
    paint: paintFor(shell),
    print: async (answer, render) => {
      shell.out.write(output === 'table' ? render(printable(answer)) : await serialized(answer, output));
    },
    note: (text) => shell.err.write(`${printable(text)}\n`),
  };
  return session;
}

/** One document; `lines` of JSON stay one line each, for programs that read while it goes on. */
export async function serialized(
  answer: unknown,
  output: Exclude<OutputFormat, 'table'>,
  shape: 'document' | 'lines' = 'document',
): Promise<string> {
  if (output === 'json') return `${JSON.stringify(answer, null, shape === 'document' ? 2 : 0)}\n`;
  const { stringify } = await import('yaml');
  return `${shape === 'lines' ? '---\n' : ''}${stringify(answer)}`;
}

/** A variable that is set to nothing is not set. */
function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function urlFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const remedy = `Give it with --url or CLUSTERLIFT_URL, for example ${defaultUrl}.`;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Failure(exitCodes.usage, `${text} is not the address of a server.`, { remedy });
  if (url.username !== '' || url.password !== '')
    throw new Failure(exitCodes.usage, 'The address of the server holds a user or a password.', {
      remedy: `The access key has variables of its own. ${remedy}`,
    });
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    throw new Failure(exitCodes.usage, `Over ${url.origin} the secret of the access key would cross the network readable.`, {
      remedy: 'Use https:// (the server has the setting tls), or a tunnel that ends on this machine.',
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
