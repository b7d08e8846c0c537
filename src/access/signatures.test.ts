import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedRequest } from '../domain/index.ts';
import { parseAcs3, parseRoaV1, verifyAcs3, verifyRoaV1 } from './index.ts';

const load = createRequire(import.meta.url);
const secret = 'testsecret';
let server: Server;
let endpoint = '';
let last: SignedRequest | null = null;

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [path = '', query = ''] = (incoming.url ?? '').split('?');
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
      last = { method: incoming.method ?? '', path, query, headers, body: Buffer.concat(chunks) };
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ RequestId: 'r', Result: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  endpoint = typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function sent(): SignedRequest {
  if (last === null) throw new Error('nothing was sent');
  return last;
}

function verdict(request: SignedRequest, key = secret): string {
  const authorization = request.headers.authorization ?? '';
  const acs3 = parseAcs3(authorization);
  if (acs3 !== null) return verifyAcs3(request, acs3, key).kind;
  const roa = parseRoaV1(authorization);
  return roa === null ? 'no authorization' : verifyRoaV1(request, roa, key).kind;
}

/** The official SDKs of three generations, each with the scheme it signs by. */
const clients = [
  { name: '4.3.5 with ACS3', of: '@alicloud/elasticsearch20170613', config: {}, scheme: 'ACS3' },
  { name: '4.3.5 with V1', of: '@alicloud/elasticsearch20170613', config: { signatureAlgorithm: 'v2' }, scheme: 'acs' },
  { name: '1.2.0', of: 'es120', config: {}, scheme: 'acs' },
  { name: '1.0.1 with its form body', of: 'es101', config: {}, scheme: 'acs' },
];

describe.each(clients)('the official SDK $name', ({ of, config, scheme }) => {
  const sdk = load(of);
  const call = (instance: string, token: string) => {
    const client = new sdk.default({
      accessKeyId: 'testid',
      accessKeySecret: secret,
      endpoint,
      protocol: 'http',
      regionId: 'cn-hangzhou',
      ...config,
    });
    return client.upgradeEngineVersion(
      instance,
      new sdk.UpgradeEngineVersionRequest({ version: '6.7', type: 'engineVersion', dryRun: true, clientToken: token }),
    );
  };

  it('signs what is verified, and nothing else', async () => {
    await call('es-cn-n6w1o1x0w001c****', 'a b+c/d=e&f');
    const request = sent();
    expect(request.headers.authorization).toMatch(new RegExp(`^${scheme}`));
    expect(verdict(request)).toBe('ok');
    expect(verdict(request, 'another secret')).toBe('mismatch');
    expect(verdict({ ...request, method: 'GET' })).toBe('mismatch');
    expect(verdict({ ...request, query: request.query.replace('dryRun=true', 'dryRun=false') })).toBe('mismatch');
    expect(verdict({ ...request, path: request.path.replace('upgrade-version', 'restart') })).toBe('mismatch');
  });
});

describe('pop-core', () => {
  it('signs with V1 what is verified', async () => {
    const { ROAClient } = load('@alicloud/pop-core');
    const client = new ROAClient({
      accessKeyId: 'testid',
      accessKeySecret: secret,
      endpoint: `http://${endpoint}`,
      apiVersion: '2017-06-13',
    });
    await client.request(
      'POST',
      '/openapi/instances/es-cn-1/actions/upgrade-version',
      { dryRun: true, clientToken: 'x' },
      '{"version":"6.7"}',
      { 'content-type': 'application/json' },
    );
    expect(verdict(sent())).toBe('ok');
    expect(verdict({ ...sent(), body: Buffer.from('{"version":"6.8"}') })).toBe('malformed');
  });
});

describe('verification', () => {
  it('agrees with the published example of a V3 request', () => {
    const body = Buffer.from('{"type":"engineVersion","version":"6.7"}');
    const headers = {
      host: '127.0.0.1:18080',
      'x-acs-version': '2017-06-13',
      'x-acs-action': 'UpgradeEngineVersion',
      'x-acs-date': '2026-11-22T10:00:00Z',
      'x-acs-signature-nonce': 'nonce-1',
      'content-type': 'application/json; charset=utf-8',
      'x-acs-content-sha256': '82975ede3b2a3338b6737ae49a9f325a33fbd810e19b20e13b61f5d341429a9d',
      authorization:
        'ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=f78cd9d80d81902179d9490ef63a2e1d905f153ca6f463e267a1b915e05396c0',
    };
    const path = '/openapi/instances/es-cn-n6w1o1x0w001c0000/actions/upgrade-version';
    const query = 'dryRun=true&clientToken=5A2CFF0E-5718-45B5-9D4D-70B3FF000000';
    expect(verdict({ method: 'POST', path, query, headers, body })).toBe('ok');
    expect(verdict({ method: 'POST', path, query, headers, body: Buffer.from('{}') })).toBe('malformed');
  });

  it('takes a V1 signature in its own spelling and in no other that means the same bytes', () => {
    const headers = { date: 'Wed, 25 Nov 2026 10:00:00 GMT' };
    const request = { method: 'GET', path: '/openapi/instances', query: '', headers, body: Buffer.alloc(0) };
    const stringToSign = `GET\n\n\n\n${headers.date}\n/openapi/instances`;
    const signature = createHmac('sha1', secret).update(stringToSign).digest('base64');
    const signed = (text: string) => verdict({ ...request, headers: { ...headers, authorization: `acs testid:${text}` } });
    expect(signature).toMatch(/[^=]=$/);
    expect(signed(signature)).toBe('ok');
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    // The last digit has two bits that stand for nothing.
    const other = `${signature.slice(0, -2)}${digits[digits.indexOf(signature.at(-2) ?? '') + 1]}=`;
    expect(Buffer.from(other, 'base64').equals(Buffer.from(signature, 'base64'))).toBe(true);
    for (const spelling of [signature.slice(0, -1), `${signature}=`, other]) expect(signed(spelling), spelling).toBe('mismatch');
  });

  it('bears a signed header whose name every object has', () => {
    const authorization = `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=constructor;host,Signature=${'0'.repeat(64)}`;
    const digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const headers = { authorization, host: 'h', 'x-acs-content-sha256': digest };
    const request = { method: 'GET', path: '/', query: '', headers, body: Buffer.alloc(0) };
    expect(verdict(request)).toBe('malformed');
    expect(
      verdict({ ...request, headers: { ...headers, authorization: authorization.replace('host', 'host;x-acs-content-sha256') } }),
    ).toBe('mismatch');
  });

  it('never throws and never passes, whatever comes as authorization, path and query', () => {
    const junk = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(junk, junk, junk, fc.constantFrom('acs ', 'ACS3-HMAC-SHA256 ', ''), (authorization, path, query, scheme) => {
        const request = {
          method: 'GET',
          path,
          query,
          headers: { authorization: `${scheme}${authorization}`, host: 'h' },
          body: Buffer.alloc(0),
        };
        expect(verdict(request)).not.toBe('ok');
      }),
    );
    // A hundred runs are a second on a machine with nothing else to do.
  }, 120_000);
});
