/** The file in which contexts are kept: servers by a name, each with its key. Readable for its owner alone. */
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/schema';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';

const Context = Type.Object({ name: Type.String(), url: Type.String(), keyId: Type.String(), secret: Type.String() });
export type Context = Static<typeof Context>;

const Contexts = Type.Object({
  currentContext: Type.Union([Type.String(), Type.Null()]),
  contexts: Type.Array(Context),
});
export type Contexts = Static<typeof Contexts>;

const none: Contexts = { currentContext: null, contexts: [] };

/** `CLUSTERLIFT_CONFIG`, else in the home of the user; null where there is no home. */
export function contextsPath({ env }: Pick<Shell, 'env'>): string | null {
  if ((env.CLUSTERLIFT_CONFIG ?? '') !== '') return env.CLUSTERLIFT_CONFIG ?? null;
  return (env.HOME ?? '') === '' ? null : `${env.HOME}/.clusterlift/config`;
}

export async function readContexts(shell: Shell): Promise<Contexts> {
  const path = contextsPath(shell);
  if (path === null) return none;
  let text: string;
  try {
    text = await shell.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw new Failure(exitCodes.usage, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { parse } = await import('yaml');
  const kept: unknown = parsedOrNull(parse, text);
  if (Check(Contexts, kept)) return kept as Contexts;
  throw new Failure(exitCodes.usage, `${path} does not hold contexts as \`clusterlift login\` writes them.`, {
    remedy: 'Mend it, or move it away and log in again.',
  });
}

function parsedOrNull(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

export async function writeContexts(shell: Shell, kept: Contexts): Promise<string> {
  const path = contextsPath(shell);
  if (path === null)
    throw new Failure(exitCodes.usage, 'There is no place to keep contexts: HOME is not set.', {
      remedy: 'Set CLUSTERLIFT_CONFIG to the path of a file.',
    });
  const { stringify } = await import('yaml');
  try {
    await shell.writePrivateFile(path, stringify(kept));
  } catch (error) {
    throw new Failure(exitCodes.error, `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return path;
}

export function contextNamed({ contexts }: Contexts, name: string): Context {
  const found = contexts.find((context) => context.name === name);
  if (found !== undefined) return found;
  const names = contexts.map((context) => context.name);
  throw new Failure(exitCodes.usage, `There is no context ${name}.`, {
    remedy: names.length === 0 ? 'There are none yet. Make one: clusterlift login' : `There are: ${names.join(', ')}.`,
  });
}
