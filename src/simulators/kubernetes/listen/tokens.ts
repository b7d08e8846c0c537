/** Bearer tokens: the webhook of the launch is asked, and what it says is remembered for a while. */
import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import type { Shown } from './https.ts';

const askTimeoutMs = 10_000;
/** As the launch says it: `--authentication-token-webhook-cache-ttl=2m`; a refusal is remembered for less. */
const acceptedForMs = 120_000;
const refusedForMs = 10_000;
const rememberedMax = 1_000;

const Review = Type.Object({
  status: Type.Object({
    authenticated: Type.Optional(Type.Boolean()),
    user: Type.Optional(
      Type.Object({ username: Type.Optional(Type.String()), groups: Type.Optional(Type.Array(Type.String())) }),
    ),
  }),
});

export type Tokens = (token: string) => Promise<Shown | null>;

/** `config` is a kubeconfig; undefined: nobody is asked, and no token is known. Time is the caller's: the webhook is real. */
export function createTokens(config: string | undefined, nowMs: () => number): Tokens {
  const server = /^\s*server:\s*(\S+)/m.exec(config ?? '')?.[1];
  const remembered = new Map<string, { readonly shown: Shown | null; readonly untilMs: number }>();
  return async (token) => {
    if (server === undefined) return null;
    const known = remembered.get(token);
    if (known !== undefined && known.untilMs > nowMs()) return known.shown;
    const shown = await review(server, token);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(token, { shown, untilMs: nowMs() + (shown === null ? refusedForMs : acceptedForMs) });
    return shown;
  };
}

async function review(server: string, token: string): Promise<Shown | null> {
  const url = new URL(server);
  const credentials = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64');
  url.username = '';
  url.password = '';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${credentials}` },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const body: unknown = await response.json();
    if (!response.ok || !Check(Review, body)) return null;
    const { authenticated, user } = body.status;
    if (authenticated !== true || user?.username === undefined) return null;
    return { user: user.username, groups: [...(user.groups ?? []), 'system:authenticated'] };
  } catch {
    return null;
  }
}
