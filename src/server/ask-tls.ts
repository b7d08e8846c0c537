/** HTTP over TLS with an authority and a certificate of one's own: what `fetch` cannot do. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import type { HttpRequest, HttpResponse, Tls } from '../domain/index.ts';

/**
 * Clusters come and go, and so do certificates: the agent that was not used for longest is forgotten. At 35 kB each, and half a
 * dozen for a cluster: fewer than are looked at in turn would keep none until it is asked for again.
 */
const agentsMax = 2_048;
/** An idle connection is closed after this time, before the other side does it. */
const idleMs = 20_000;

/** Kept connections by authority, certificate and name; connections with different rights are never mixed. */
const agents = new Map<string, Agent>();

export async function askTls(asked: HttpRequest & { readonly tls: Tls }): Promise<HttpResponse> {
  const signal = AbortSignal.timeout(asked.timeoutMs);
  try {
    return await askOnce(asked, signal);
  } catch (error) {
    // The other side closed a kept connection as we took it. What may change something is not sent twice.
    if (!(error instanceof Stale) || !['GET', 'HEAD'].includes(asked.method)) throw causeOf(error, signal, asked);
    return await askOnce(asked, signal).catch((again: unknown) => {
      throw causeOf(again, signal, asked);
    });
  }
}

class Stale extends Error {}

function causeOf(error: unknown, signal: AbortSignal, { url, timeoutMs }: HttpRequest): unknown {
  if (signal.aborted) return new Error(`${url} did not answer within ${timeoutMs} ms`, { cause: error });
  return error instanceof Stale ? error.cause : error;
}

function askOnce(asked: HttpRequest & { readonly tls: Tls }, signal: AbortSignal): Promise<HttpResponse> {
  const { method, url, headers = {}, body, tls } = asked;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, headers: { ...headers, ...length }, signal, agent: agentFor(tls) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const stale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new Stale(error.message, { cause: error }) : error);
    });
    sent.end(body);
  });
}

function agentFor(tls: Tls): Agent {
  const key = createHash('sha256')
    .update(JSON.stringify([tls.authority, tls.certificate, tls.key, tls.serverName]))
    .digest('hex');
  const agent = agents.get(key) ?? newAgent(tls);
  agents.delete(key);
  agents.set(key, agent);
  const [oldest] = agents.keys();
  // Dropped, not destroyed: it may be answering somebody; its idle connections close by themselves.
  if (agents.size > agentsMax && oldest !== undefined) agents.delete(oldest);
  return agent;
}

function newAgent({ authority, certificate, key, serverName }: Tls): Agent {
  const own = { ...(certificate === undefined ? {} : { cert: certificate }), ...(key === undefined ? {} : { key }) };
  return new Agent({
    keepAlive: true,
    timeout: idleMs,
    // Read once: reading keys and certificates for every connection costs more than all else of it.
    secureContext: createSecureContext({ ca: authority, ...own }),
    ...(serverName === undefined
      ? {}
      : {
          checkServerIdentity: (_host, shown) => checkServerIdentity(serverName, shown),
          // An address is no name that a client may ask for in its greeting.
          ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
        }),
  });
}
