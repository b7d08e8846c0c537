/** Bearer tokens: the webhook of the launch is asked, and what it says is remembered for a while. */
import { request as askPlain, type IncomingMessage } from 'node:http';
import { request as askTls } from 'node:https';
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
    const asked = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } });
    const body = await post(url, { 'content-type': 'application/json', authorization: `Basic ${credentials}` }, asked);
    if (!Check(Review, body)) return null;
    const { authenticated, user } = body.status;
    if (authenticated !== true || user?.username === undefined) return null;
    return { user: user.username, groups: [...(user.groups ?? []), 'system:authenticated'] };
  } catch {
    return null;
  }
}

/** Whatever certificate it shows, as the configuration says: it is on this machine. */
function post(url: URL, headers: Readonly<Record<string, string>>, text: string): Promise<unknown> {
  const secure = url.protocol === 'https:';
  const options = { method: 'POST', headers, timeout: askTimeoutMs, signal: AbortSignal.timeout(askTimeoutMs) };
  return new Promise((resolve, reject) => {
    const onAnswer = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const fine = response.statusCode === 200 || response.statusCode === 201;
        resolve(fine ? parsed(Buffer.concat(chunks).toString('utf8')) : null);
      });
    };
    const asked = secure ? askTls(url, { ...options, rejectUnauthorized: false }, onAnswer) : askPlain(url, options, onAnswer);
    asked.once('error', reject);
    asked.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
