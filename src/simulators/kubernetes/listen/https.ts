/** Listening with the certificate of a launch, and finding out who asks. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { jsonOfProtobuf, protobufType } from './protobuf.ts';

export interface Listening {
  /** Resolves when nothing listens there any more; what is in hand is cut off. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** Whose certificates are asked for. */
  readonly clientAuthority: string;
  /** While it is false nobody is answered: connections are cut. */
  readonly open: () => boolean;
  readonly serve: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void> | void;
}

const bodyMaxBytes = 3 * 1024 * 1024;

/** Rejects when the address is taken. */
export async function listenHttps(options: ListenOptions): Promise<Listening> {
  const { host, port, certificate, key, clientAuthority } = options;
  const sockets = new Set<Socket>();
  const server: Server = createServer(
    // A client without a certificate may have a token; who it is, is judged for each request.
    { cert: certificate, key, ca: clientAuthority, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
    (request, response) => {
      if (!options.open()) {
        request.socket.destroy();
        return;
      }
      void bodyOf(request)
        .then((body) => options.serve(request, response, body))
        .catch(() => request.socket.destroy());
    },
  );
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (!options.open()) socket.destroy();
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Null: they fit. Else as a program of Go says it. */
export function troubleWithPair(certificate: string, key: string): string | null {
  try {
    createSecureContext({ cert: certificate, key });
    return null;
  } catch {
    return 'tls: private key does not match public key';
  }
}

export interface Shown {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Who the certificate of a client says that it is; null: it shows none, or one of another authority. */
export function shownBy(request: IncomingMessage): Shown | null {
  const socket = request.socket as TLSSocket;
  if (!socket.authorized) return null;
  const { subject } = socket.getPeerCertificate();
  if (subject?.CN === undefined) return null;
  // Several are a list, whatever the types say.
  const groups = [subject.O ?? []].flat() as readonly string[];
  return { user: [subject.CN].flat().join(), groups: [...groups, 'system:authenticated'] };
}

/** The certificate that a client shows, as it went over the wire. */
export function rawCertificateOf(request: IncomingMessage): Buffer | null {
  return (request.socket as TLSSocket).getPeerCertificate()?.raw ?? null;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > bodyMaxBytes) throw new Error('request body too large');
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  const json = request.headers['content-type'] === protobufType ? jsonOfProtobuf(body) : null;
  if (json === null) return body.toString('utf8');
  request.headers['content-type'] = 'application/json';
  return json;
}
