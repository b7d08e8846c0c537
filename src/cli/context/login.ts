import type { Command } from 'commander';
import { defaultUrl, given, urlFrom } from '../address.ts';
import { createApi } from '../api/client.ts';
import { Clusters } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { readContexts, writeContexts } from './file.ts';

interface Options {
  readonly name?: string;
  readonly secretFile?: string;
}

export function addLogin(program: Command, run: Run): void {
  program
    .command('login')
    .summary('Keep the address of a server and a key, as a context')
    .description('Try an access key at a server and keep both as a context, which every later command uses.')
    .option('--name <context>', 'name of the context (default: the host and port of the server)')
    .option('--secret-file <file>', 'the secret, in a file; - reads from standard input')
    .addHelpText(
      'after',
      `
Address and key id come from --url and --key-id, or the environment, or are asked for. The secret is asked for without showing it.
Contexts lie in ~/.clusterlift/config (CLUSTERLIFT_CONFIG), which only you can read.
${examples('clusterlift login --url https://lift.example.com --key-id LTAI5tQnKxGkYv8sJ2hR7wZc', 'clusterlift login --name prod --secret-file - < secret')}`,
    )
    .action(run<[Options]>(login));
}

async function login(session: Session, { name: nameGiven, secretFile }: Options) {
  const { shell, options } = session;
  const { env } = shell;
  const url = urlFrom(given(options.url) ?? given(env.CLUSTERLIFT_URL) ?? defaultUrl);
  const keyId = given(options.keyId) ?? given(env.CLUSTERLIFT_ACCESS_KEY_ID) ?? given((await shell.ask('Access key id: ')) ?? '');
  if (keyId === undefined) throw missing('access key id', 'Give it with --key-id.');
  const secret =
    secretFile === undefined
      ? (given(env.CLUSTERLIFT_SECRET_ACCESS_KEY) ?? given((await shell.askSecret(`Secret of ${keyId}: `)) ?? ''))
      : given(await readInputFile(shell, secretFile));
  if (secret === undefined) throw missing('secret', 'Give it with --secret-file, or CLUSTERLIFT_SECRET_ACCESS_KEY.');
  await tryOut({ url, keyId, secret }, session);
  const name = nameGiven ?? new URL(url).host;
  const kept = await readContexts(shell);
  const others = kept.contexts.filter((context) => context.name !== name);
  const path = await writeContexts(shell, { currentContext: name, contexts: [...others, { name, url, keyId, secret }] });
  await session.print(
    { context: name, url, keyId },
    (shown) =>
      `Logged in at ${shown.url} with the key ${shown.keyId}. Context ${shown.context} is kept in ${path} and is the current one.\n`,
  );
  return exitCodes.ok;
}

/** A key that may not list clusters is a key all the same. */
async function tryOut(address: { url: string; keyId: string; secret: string }, { shell }: Session): Promise<void> {
  try {
    await createApi(address, shell).get('/clusters', Clusters);
  } catch (error) {
    if (!(error instanceof Failure) || error.answer?.code !== 'denied') throw error;
  }
}

function missing(what: string, remedy: string): Failure {
  return new Failure(exitCodes.usage, `There is no ${what} to log in with, and no terminal to ask at.`, { remedy });
}
