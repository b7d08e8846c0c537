import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';

export interface Signer {
  readonly port: number;
  readonly keyId: string;
  readonly secret: string;
}

export interface Raw {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

/** One request signed with ROA V1 and sent as it stands: no client puts right what is wrong in it. */
export function sendRaw(signer: Signer, raw: Raw): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path, query, body } = raw;
  const headers = { date: new Date().toUTCString(), 'content-type': 'application/json' };
  const resource = query === '' ? path : `${path}?${signedQuery(query)}`;
  const text = `${method}\n\n\n${headers['content-type']}\n${headers.date}\n${resource}`;
  const signature = createHmac('sha1', signer.secret).update(text).digest('base64');
  const sent = { ...headers, authorization: `acs ${signer.keyId}:${signature}`, 'content-length': Buffer.byteLength(body) };
  const url = query === '' ? path : `${path}?${query}`;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: signer.port, method, path: url, headers: sent, agent: false };
    const outgoing = httpRequest(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Members decoded and sorted by name; those of one name keep their order. */
function signedQuery(query: string): string {
  const members = query.split('&').map((member) => {
    const equals = member.indexOf('=');
    return equals < 0 ? [decode(member), ''] : [decode(member.slice(0, equals)), decode(member.slice(equals + 1))];
  });
  members.sort(([a = ''], [b = '']) => (a === b ? 0 : a < b ? -1 : 1));
  return members.map(([name, value]) => `${name}=${value}`).join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
