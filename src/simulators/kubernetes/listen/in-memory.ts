/** A network without sockets, for whoever is in the same process: who asks is known by the certificate that is handed over. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http, HttpRequest, HttpResponse } from '../../../domain/index.ts';
import type { DoorOptions } from './door.ts';
import type { ListenOptions } from './https.ts';
import type { Network } from './network.ts';

export interface InMemoryNetwork extends Network {
  readonly http: Http;
}

export function createInMemoryNetwork(): InMemoryNetwork {
  const servers = new Map<string, ListenOptions>();
  const doors = new Map<string, DoorOptions>();
  let turn = 0;

  function listenIn<T extends { readonly host: string; readonly port: number }>(at: Map<string, T>, options: T) {
    const place = placeOf(options.host, options.port);
    if (servers.has(place) || doors.has(place)) throw failure('EADDRINUSE', `listen EADDRINUSE: ${place}`);
    at.set(place, options);
    return { close: async () => void at.delete(place) };
  }

  /** The front door leads on to one that is up, in turn. */
  function behind(place: string): string {
    const door = doors.get(place);
    if (door === undefined) return place;
    const up = door.open() ? door.up() : [];
    const to = up[turn % Math.max(1, up.length)];
    turn += 1;
    if (to === undefined) throw failure('ECONNRESET', `read ECONNRESET ${place}`);
    return placeOf(to.host, to.port);
  }

  return {
    listenHttps: async (options) => listenIn(servers, options),
    listenDoor: async (options) => listenIn(doors, options),
    http: async (request) => {
      const url = new URL(request.url);
      const place = behind(placeOf(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 443)));
      const server = servers.get(place);
      if (server === undefined) throw failure('ECONNREFUSED', `connect ECONNREFUSED ${place}`);
      if (!server.open()) throw failure('ECONNRESET', `read ECONNRESET ${place}`);
      return exchange(server, request, url, place);
    },
  };
}

function placeOf(host: string, port: number): string {
  return `${host}:${port}`;
}

function failure(code: string, says: string): Error {
  return Object.assign(new Error(says), { code });
}

/** As much of a request and of its answer as the simulated programs use. */
function exchange(server: ListenOptions, request: HttpRequest, url: URL, place: string): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const reset = () => reject(failure('ECONNRESET', `read ECONNRESET ${place}`));
    const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    const incoming = {
      method: request.method,
      url: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...Object.fromEntries(headers) },
      socket: { ...peerOf(request), destroy: reset },
    };
    let status = 200;
    let body = '';
    const response = {
      writableEnded: false,
      setHeader: () => response,
      writeHead: (code: number) => {
        status = code;
        return response;
      },
      flushHeaders: () => undefined,
      write: (text: string) => {
        body += text;
        return true;
      },
      end: (text = '') => {
        if (response.writableEnded) return;
        response.writableEnded = true;
        resolve({ status, body: body + text });
      },
      once: () => response,
    };
    const served = server.serve(
      incoming as unknown as IncomingMessage,
      response as unknown as ServerResponse,
      request.body ?? '',
    );
    Promise.resolve(served).catch(reset);
  });
}

/** Made once for each certificate: a rehearsal shows the same few thousands of times. */
const peers = new Map<string, object>();
const peersMax = 1_000;

function peerOf({ tls }: HttpRequest): object {
  const { certificate } = tls ?? {};
  if (certificate === undefined) return { authorized: false, getPeerCertificate: () => ({}) };
  const known = peers.get(certificate);
  if (known !== undefined) return known;
  const shown = new X509Certificate(certificate).toLegacyObject();
  const peer = { authorized: true, getPeerCertificate: () => shown };
  if (peers.size >= peersMax) peers.clear();
  peers.set(certificate, peer);
  return peer;
}
