/** What can be wrong with a request as a whole. */
import type { Chance } from './chance.ts';
import type { Plain } from './request.ts';

type WholeMutation = (plain: Plain, chance: Chance) => Plain;

const typesOfContent = [
  ...['', 'text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'multipart/form-data', 'application/octet-stream'],
  ...[
    'application/json; charset=utf-16',
    'application/json;charset',
    'APPLICATION/JSON',
    'application/x-www-form-urlencoded',
    '/',
    ';',
    'a'.repeat(5_000),
  ],
] as const;
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;
const pathTricks: readonly ((path: string, chance: Chance) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => path.replaceAll('/', '//'),
  (path) => `${path}/.`,
  (path) => `${path}/../..`,
  (path) => `${path}/%2e%2e/%2E%2E`,
  (path) => path.replace(/\/(\w)/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/(\w)$/, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
  (path) => path.toUpperCase(),
  (path) => `${path}%00`,
  (path) => `${path};a=b`,
  (path) => `${path}%2F`,
  (path) => `${path}%zz`,
  (path) => `${path}%`,
  (path) => `${path}%c0%af`,
  (path) => `${path}\\`,
  (path) => `${path}*`,
  (path) => `${path}:`,
  (path) => `${path}/${'a'.repeat(6_000)}`,
  (path) => `${path}${'/a'.repeat(2_000)}`,
  (path) => `${path}\u00e4`,
  (path) => `${path}?`,
  (path, chance) => `${path}/${chance.pick(['__proto__', 'constructor', 'toString', '..%5c', '%ff', '~', "'", '"', '|', '{}'])}`,
  () => '/',
  () => '*',
];
const queryTricks: readonly ((query: string, chance: Chance) => string)[] = [
  (query) => `&&${query}&`,
  (query) => `${query}&=`,
  (query) => `${query}&a`,
  (query) => `${query}?${query}`,
  (query) => `${query}&${query}`,
  (query) => `${query}&%zz=%`,
  (query) => `${query}&%00=%00`,
  (query) => `${query}&a=%ed%a0%80`,
  (query) => `${query}&a=\u00fc`,
  (query) => `${query}&a[]=1&a[b]=2`,
  (query) => `${query}&__proto__=1&constructor=2&toString=3`,
  (query) => `${query}${'&a=b'.repeat(2_000)}`,
  (query) => `${query}&a=${'b'.repeat(9_000)}`,
  (query) => query.replaceAll('=', '%3D'),
  (query) => query.replaceAll('=', '=+'),
  (query, chance) =>
    `${query}&${chance.pick(['maxResults', 'size', 'page', 'limit', 'after', 'Action', 'dryRun', 'X-Amz-Date', 'nextToken'])}=-1`,
  (query) => query.toUpperCase(),
];
const headers: readonly (readonly [string, string])[] = [
  ['accept', 'application/xml'],
  ['accept', ''],
  ['accept', '*/*;q=\u00ff'],
  ['accept-encoding', 'gzip, br, deflate'],
  ['content-encoding', 'gzip'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '::1, '.repeat(500)],
  ['x-forwarded-host', 'example.org'],
  ['x-amz-target', 'EKS.CreateCluster'],
  ['x-acs-action', 'NoSuchAction'],
  ['x-acs-version', '1999-01-01'],
  ['x-request-id', '\u0080\u00ff'],
  ['cookie', '__proto__=1; a'],
  ['if-match', '*'],
  ['range', 'bytes=0-0'],
  ['last-event-id', '-1'],
  ['constructor', '1'],
  ['__proto__', '1'],
  ['x-many', 'a'.repeat(7_000)],
  ['expect', '100-continue'],
  ['te', 'trailers, deflate'],
  ['upgrade-insecure-requests', '1'],
];
const bodies: readonly ((body: Buffer, chance: Chance) => Buffer)[] = [
  (body) => body.subarray(0, Math.max(1, body.length - 1)),
  (body) => Buffer.concat([body, body]),
  (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
  (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  (body) => Buffer.concat([body, Buffer.from([0xff, 0xfe, 0xc0])]),
  (_, chance) =>
    Buffer.from(
      chance.pick([
        '[]',
        '""',
        '1',
        'true',
        'null',
        '{',
        '[{}]',
        '[[]]',
        ' ',
        '\n',
        '{"":""}',
        'a=b',
        'a',
        '=',
        '%',
        'body=',
        'body={}',
        'body=[',
        '<a/>',
      ]),
    ),
  (body) => Buffer.from(body.toString('utf8').replace('{', '{"__proto__":{"a":1},"constructor":null,"unknown":[{}],')),
  (body) => Buffer.from(body.toString('utf8').replace('{', '{"\\u0000":1,"\\ud800":2,')),
  (body) => Buffer.from(body.toString('utf8').replaceAll('"', "'")),
  (body) => Buffer.from(`${'['.repeat(20_000)}${body.toString('utf8')}${']'.repeat(20_000)}`),
  () => Buffer.from(`{"a":"${'b'.repeat(300_000)}"}`),
  () => Buffer.from(`{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`),
  (_, chance) => chance.bytes(200),
  () => Buffer.alloc(0),
];
/** More than any face reads. */
const tooLarge = Buffer.alloc(1_200_000, '{"a":1,');

export const wholeMutations: Readonly<Record<string, WholeMutation>> = {
  nothing: (plain) => plain,
  'type of content': (plain, chance) => ({
    ...without(plain, 'content-type'),
    headers: [...without(plain, 'content-type').headers, ['content-type', chance.pick(typesOfContent)]],
  }),
  'no type of content': (plain) => without(plain, 'content-type'),
  'type of content twice': (plain) => ({ ...plain, headers: [...plain.headers, ['content-type', 'text/plain']] }),
  method: (plain, chance) => ({ ...plain, method: chance.pick(methods) }),
  path: (plain, chance) => ({ ...plain, path: chance.pick(pathTricks)(plain.path, chance) }),
  query: (plain, chance) => ({ ...plain, query: chance.pick(queryTricks)(plain.query ?? 'a=b', chance) }),
  header: (plain, chance) => ({ ...plain, headers: [...plain.headers, chance.pick(headers)] }),
  body: (plain, chance) => ({ ...plain, body: chance.pick(bodies)(plain.body, chance) }),
  'body too large': (plain, chance) =>
    chance.happens(0.15) ? { ...plain, body: tooLarge, method: 'POST' } : { ...plain, body: chance.bytes(2_000) },
  'a body where none belongs': (plain) => ({ ...plain, body: plain.body.length > 0 ? Buffer.alloc(0) : Buffer.from('{"a":1}') }),
  'in chunks': (plain) => ({ ...plain, framing: 'chunked' }),
};

export const wholeNames = Object.keys(wholeMutations);

function without(plain: Plain, name: string): Plain {
  return { ...plain, headers: plain.headers.filter(([other]) => other !== name) };
}
