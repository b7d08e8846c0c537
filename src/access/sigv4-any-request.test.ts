import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from './signed-request.ts';
import { awsKey, presigned, signedByHeader, type Unsigned, verdictOf } from './testing-aws.ts';

/** Signers drop dots and what is before them; no client sends such a path, and here it is one more that does not fit. */
const segment = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => text !== '.' && text !== '..')
  .map((text) => encodeURIComponent(text));
const words = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !text.startsWith('X-Amz-'));
const unsignedRequest: fc.Arbitrary<Unsigned> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  query: fc.dictionary(name, fc.oneof(words, fc.array(words, { minLength: 1, maxLength: 3 })), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  headers: fc.record({
    host: fc.constantFrom('127.0.0.1:7171', 'eks.example.org', '[::1]:80'),
    'content-type': fc.constantFrom('application/json', 'text/plain;  charset=utf-8'),
    'x-k8s-aws-id': fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    'x-amz-user-agent': fc.stringMatching(/^[!-~]{1,20}$/),
  }),
  body: fc.string({ unit: 'grapheme', maxLength: 40 }),
});

/** Another character in this place of a text; undefined where there is none. */
function changedAt(text: string, at: number, to: string): string | undefined {
  if (text === '') return undefined;
  const place = at % text.length;
  return text[place] === to ? undefined : text.slice(0, place) + to + text.slice(place + 1);
}

/** One change in one place of the request. Null where it would be none, or none that means anything. */
function tampered(request: SignedRequest, part: string, at: number, to: string): SignedRequest | null {
  if (part === 'method') return { ...request, method: request.method === 'GET' ? 'PUT' : 'GET' };
  if (part === 'body') {
    const body = Buffer.from(request.body);
    if (body.length === 0) return { ...request, body: Buffer.from(to) };
    body[at % body.length] = ((body[at % body.length] ?? 0) + 1) % 256;
    return { ...request, body };
  }
  if (part === 'path') {
    const path = changedAt(request.path, at, to);
    return path === undefined ? null : { ...request, path };
  }
  if (part === 'query') {
    const query = changedAt(request.query, at, to);
    const same = query === undefined || meaning(query) === meaning(request.query);
    return same ? null : { ...request, query };
  }
  const value = changedAt(request.headers[part] ?? '', at, to);
  return value === undefined ? null : { ...request, headers: { ...request.headers, [part]: value } };
}

/** Two spellings of one query are one query. */
function meaning(query: string): string {
  const pairs = [...new URLSearchParams(query)].filter(([name]) => name !== 'X-Amz-Signature');
  return JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
}

describe('whatever was signed', () => {
  it('verifies as it was sent, in both forms', async () => {
    await fc.assert(
      fc.asyncProperty(unsignedRequest, fc.boolean(), async (unsigned, checksum) => {
        expect(await verdictOf(await signedByHeader(unsigned, { checksum }))).toBe('caller');
        expect(await verdictOf(await presigned(unsigned))).toBe('caller');
      }),
      { numRuns: 100 },
    );
  });

  it('does not verify with any one place changed', async () => {
    const part = fc.constantFrom('method', 'body', 'path', 'query', 'host', 'content-type', 'x-k8s-aws-id', 'x-amz-user-agent');
    const character = fc.constantFrom('a', 'Z', '0', '%', '&', '=', '/', '~');
    await fc.assert(
      fc.asyncProperty(
        unsignedRequest,
        part,
        fc.nat(1_000),
        character,
        fc.boolean(),
        async (unsigned, place, at, to, inQuery) => {
          const signed = inQuery ? await presigned(unsigned) : await signedByHeader(unsigned);
          const changed = tampered(signed, place, at, to);
          fc.pre(changed !== null);
          if (changed !== null) expect(await verdictOf(changed)).not.toBe('caller');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never throws and never passes, whatever comes', async () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const junk = fc.string({ unit, maxLength: 60 });
    const scheme = fc.constantFrom('', 'AWS4-HMAC-SHA256 ', `AWS4-HMAC-SHA256 Credential=${awsKey.id}/`);
    await fc.assert(
      fc.asyncProperty(scheme, junk, junk, junk, async (begun, rest, path, query) => {
        const headers = { authorization: `${begun}${rest}`, host: 'h', 'x-amz-date': '20261124T100000Z' };
        const request = { method: 'GET', path, query: `X-Amz-Signature=1&${query}`, headers, body: Buffer.alloc(0) };
        expect(await verdictOf(request)).not.toBe('caller');
        expect(await verdictOf({ ...request, headers: { host: 'h' } })).not.toBe('caller');
      }),
    );
  });
});
