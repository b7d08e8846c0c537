/** Plain HTTP on kept connections: a cluster is asked many small questions, and thousands of clusters many more. */
import { Agent, type IncomingMessage, request } from 'node:http';
import type { HttpRequest, HttpResponse } from '../domain/index.ts';

/** An idle connection is closed after this time: thousands of nodes must not keep one each. */
const idleMs = 4_000;
/** Many, for a simulated host is one address for all of its members, and a stop or a trial keeps a connection while it lasts. */
const perNodeMax = 256;

const agent = new Agent({ keepAlive: true, maxSockets: perNodeMax, maxFreeSockets: 2, timeout: idleMs, scheduling: 'lifo' });

export async function askPlain(asked: HttpRequest): Promise<HttpResponse> {
  const deadline = performance.now() + asked.timeoutMs;
  try {
    return await askOnce(asked, deadline);
  } catch (error) {
    // The other side closed a kept connection as we took it. What may change something is not sent twice.
    if (!(error instanceof Stale) || !['GET', 'HEAD'].includes(asked.method)) throw causeOf(error);
    return await askOnce(asked, deadline).catch((again: unknown) => {
      throw causeOf(again);
    });
  }
}

class Stale extends Error {}

function causeOf(error: unknown): unknown {
  return error instanceof Stale ? error.cause : error;
}

function askOnce({ method, url, headers = {}, body, timeoutMs }: HttpRequest, deadline: number): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent }, (response) => {
      read(response).then((text) => {
        clearTimeout(late);
        resolve({ status: response.statusCode ?? 0, body: text });
      }, fail);
    });
    const late = setTimeout(
      () => sent.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`)),
      Math.max(0, deadline - performance.now()),
    );
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      const stale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new Stale(error.message, { cause: error }) : error);
    };
    sent.on('error', fail);
    // The agent's own idea of idle is about kept connections only: a question may take as long as it was given.
    sent.setTimeout(0);
    sent.end(body);
  });
}

function read(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.resume();
    return Promise.reject(new Error(`it answered with a redirect to ${headers.location}, which is not followed`));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    // Cut off in the middle: neither an error nor an end.
    response.on('close', () => reject(new Error('the answer was cut off')));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
