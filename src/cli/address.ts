/** Which server is called, and with which key: from options, the environment, or a context that `clusterlift login` kept. */
import type { Address } from './api/client.ts';
import { keyRemedy } from './api/refusals.ts';
import { type Context, contextNamed, readContexts } from './context/file.ts';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

export interface AddressOptions {
  readonly url?: string;
  readonly keyId?: string;
  readonly context?: string;
}

export const defaultUrl = 'http://127.0.0.1:7171';

/**
 * Key and address come from one place: a key of the environment never goes to the server of a context, nor the key of a
 * context to another server. `--context` comes before the environment, the environment before the current context.
 */
export async function addressFrom(options: AddressOptions, shell: Shell): Promise<Address> {
  const { env } = shell;
  const named = given(options.context);
  const keyId = given(options.keyId) ?? (named === undefined ? given(env.CLUSTERLIFT_ACCESS_KEY_ID) : undefined);
  const secret = named === undefined ? given(env.CLUSTERLIFT_SECRET_ACCESS_KEY) : undefined;
  const urlGiven = given(options.url) ?? (named === undefined ? given(env.CLUSTERLIFT_URL) : undefined);
  if (keyId === undefined && secret === undefined) {
    const context = await contextFrom(named ?? given(env.CLUSTERLIFT_CONTEXT), shell);
    if (context !== null) return ofContext(context, urlGiven);
  }
  if (keyId === undefined || secret === undefined) {
    const missing = keyId === undefined ? 'access key id' : 'secret of the access key';
    const remedy = named === undefined ? keyRemedy : 'A context has its own key: leave --key-id out.';
    throw new Failure(exitCodes.usage, `There is no ${missing} to call the server with.`, { remedy });
  }
  return { url: urlFrom(urlGiven ?? defaultUrl), keyId, secret };
}

async function contextFrom(name: string | undefined, shell: Shell): Promise<Context | null> {
  const kept = await readContexts(shell);
  if (name !== undefined) return contextNamed(kept, name);
  return kept.contexts.find((context) => context.name === kept.currentContext) ?? null;
}

function ofContext({ name, url, keyId, secret }: Context, urlGiven: string | undefined): Address {
  const own = urlFrom(url);
  if (urlGiven !== undefined && urlFrom(urlGiven) !== own)
    throw new Failure(exitCodes.usage, `The key of context ${name} is for ${own}, and is not sent to ${urlGiven}.`, {
      remedy: `Log in there: clusterlift login --url ${urlGiven}`,
    });
  return { url: own, keyId, secret };
}

/** A variable that is set to nothing is not set. */
export function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function urlFrom(text: string): string {
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
