/** Bytes that are no request, hardly one, or two where one is expected. */
import type { Chance } from './chance.ts';

export interface Pieces {
  readonly what: string;
  /** Written one after the other, with a moment between them. */
  readonly pieces: readonly Buffer[];
  /** Whether the sender says that it is done. */
  readonly ends: boolean;
}

type Make = (path: string, chance: Chance) => readonly (Buffer | string)[];

const crlf = '\r\n';
const head = (path: string, ...lines: readonly string[]) => [`POST ${path} HTTP/1.1`, 'host: a', ...lines, '', ''].join(crlf);
const get = (path: string, ...lines: readonly string[]) => [`GET ${path} HTTP/1.1`, 'host: a', ...lines, '', ''].join(crlf);

const makers: Readonly<Record<string, Make>> = {
  noise: (_, chance) => [chance.bytes(1 + chance.below(400))],
  'noise after a good line': (path, chance) => [`GET ${path} HTTP/1.1${crlf}`, chance.bytes(200), `${crlf}${crlf}`],
  'half a line': (path, chance) => [`GET ${path} HTTP/1.1`.slice(0, 1 + chance.below(12))],
  'half a head': (path) => [`POST ${path} HTTP/1.1${crlf}host: a${crlf}content-le`],
  'half a body': (path) => [head(path, 'content-length: 100'), '{"a":'],
  'a slow head': (path) => [...get(path)].map((character) => character).slice(0, 12),
  'two lengths': (path) => [head(path, 'content-length: 2', 'content-length: 20'), '{}'],
  'a length and chunks': (path) => [
    head(path, 'content-length: 4', 'transfer-encoding: chunked'),
    `0${crlf}${crlf}`,
    get('/smuggled'),
  ],
  'chunks and a length': (path) => [
    head(path, 'transfer-encoding: chunked', 'content-length: 60'),
    `0${crlf}${crlf}`,
    get('/smuggled'),
  ],
  'chunks that hide': (path, chance) => [
    head(
      path,
      chance.pick([
        'transfer-encoding: xchunked',
        'transfer-encoding : chunked',
        'Transfer-Encoding:\tchunked',
        'transfer-encoding: chunked, identity',
        'transfer-encoding: chunked\r\ntransfer-encoding: x',
        'x: y\r\n transfer-encoding: chunked',
      ]),
    ),
    `0${crlf}${crlf}`,
    get('/smuggled'),
  ],
  'odd lengths': (path, chance) => [
    head(path, `content-length: ${chance.pick(['-1', '+2', '0x2', '1e1', '2, 2', '99999999999999999999', '2 ', '', 'a', '２'])}`),
    '{}',
  ],
  'odd chunks': (path, chance) => [
    head(path, 'transfer-encoding: chunked'),
    chance.pick([
      '-1\r\n',
      'g\r\n',
      '0x1\r\na\r\n',
      'ffffffffffffffff\r\n',
      '1;a=b\r\n{\r\n0\r\n\r\n',
      `1;${'e'.repeat(20_000)}\r\na\r\n`,
      '1\na\n0\n\n',
      '2\r\n{}x\r\n0\r\n\r\n',
      '0\r\ntrailer: x\r\n\r\n',
      '',
    ]),
  ],
  'lines without returns': (path) => [`GET ${path} HTTP/1.1\nhost: a\n\n`],
  'odd headers': (path, chance) => [
    get(
      path,
      chance.pick([
        'no-colon',
        ': empty',
        'a b: c',
        'a\0: b',
        'a: b\0',
        'a: b\rc',
        ' folded: a',
        'a: b\r\n  c',
        '\u00e4: b',
        'host: b',
        'host:',
        'a:',
        `${'n'.repeat(9_000)}: v`,
      ]),
    ),
  ],
  'too large a head': (path, chance) => [
    get(
      path,
      ...Array.from({ length: chance.pick([150, 2_500]) }, (_, index) => `x-${index}: ${'v'.repeat(chance.pick([1, 120]))}`),
    ),
  ],
  'too long a line': (path, chance) => [get(`${path}?${'a'.repeat(chance.pick([15_000, 70_000]))}`)],
  'odd lines': (path, chance) => [
    chance.pick([
      `GET ${path}`,
      `GET  ${path} HTTP/1.1`,
      `GET ${path} HTTP/9.9`,
      `GET ${path} HTTP/1.0`,
      `GET ${path} HTTP/2.0`,
      `get ${path} HTTP/1.1`,
      `FOO ${path} HTTP/1.1`,
      `${'M'.repeat(5_000)} ${path} HTTP/1.1`,
      `GET ${path} FTP/1.1`,
      'GET  HTTP/1.1',
      'PRI * HTTP/2.0',
      `GET ${path}#a HTTP/1.1`,
      `GET http://[::1${path} HTTP/1.1`,
      `GET http://x:99999${path} HTTP/1.1`,
      `GET ${path}\u00fc\u0001 HTTP/1.1`,
      `TRACE ${path} HTTP/1.1`,
      `PROPFIND ${path} HTTP/1.1`,
      `SOURCE ${path} HTTP/1.1`,
      'OPTIONS * HTTP/1.1',
      `M-SEARCH ${path} HTTP/1.1`,
      `QUERY ${path} HTTP/1.1`,
    ]),
    `${crlf}host: a${crlf}${crlf}`,
  ],
  'no host': (path) => [`GET ${path} HTTP/1.1${crlf}${crlf}`],
  'another protocol': (path, chance) => [
    chance.pick<Buffer | string>([
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
      Buffer.from('16030100c6010000c20303', 'hex'),
      `CONNECT 127.0.0.1:22 HTTP/1.1${crlf}host: a${crlf}${crlf}`,
      get(
        path,
        'connection: upgrade',
        'upgrade: websocket',
        'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-version: 13',
      ),
      get(path, 'connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__'),
      'HELP\r\n',
      '{"a":1}\n',
      Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
    ]),
  ],
  'many at once': (path, chance) => [get(path).repeat(chance.pick([2, 20, 200]))],
  'odd expectations': (path, chance) => [
    head(path, `expect: ${chance.pick(['100-continue', '200-ok', '', '100-continue, x'])}`, 'content-length: 2'),
    '{}',
  ],
};

export const bytesNames = Object.keys(makers);

export function randomBytes(path: string, what: string, chance: Chance): Pieces {
  const make = makers[what];
  if (make === undefined) throw new Error(`nothing makes ${what}`);
  const pieces = make(path, chance).map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
  return { what, pieces, ends: chance.happens(0.7) };
}
