/** What no answer may be, whatever was asked. */
import { errorTable as aliyunErrors } from '../../src/faces/aliyun/errors.ts';
import { errorTable as nativeErrors } from '../../src/faces/native/errors.ts';
import { answerTroubles, errorTroubles } from '../faces/eks/shapes.ts';
import type { Sendable } from './request.ts';
import type { Received } from './wire.ts';

/** Troubles of an answer; none where it may be so. Null is a connection that ended without one. */
export function troublesOf(sendable: Sendable, received: Received | null): readonly string[] {
  if (received === null) return ['the server ended the connection without an answer'];
  const { status, headers } = received;
  if (status >= 500) return [`status ${status}`];
  if (sendable.method === 'HEAD' || headers['content-type']?.startsWith('text/event-stream') === true) return [];
  if (isOfNode(received)) return [];
  try {
    return [...shapeTroubles(sendable, received), ...signatureTroubles(sendable, received)];
  } catch (error) {
    return [`an answer that cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What is no HTTP is refused before any face is found. */
function isOfNode({ status, headers, body }: Received): boolean {
  if (![400, 408, 413, 417, 431].includes(status)) return false;
  return (
    headers['content-type'] === undefined ||
    /^\{"error":"[\w ]+","message":"[\w ]+","statusCode":4\d\d\}$/.test(body.toString('latin1'))
  );
}

function shapeTroubles(sendable: Sendable, received: Received): readonly string[] {
  const { status, headers, body } = received;
  const text = body.toString('utf8');
  if (headers['content-type']?.startsWith('text/xml') === true)
    return /^<\w+Response /.test(text) ? [] : ['XML of no known form'];
  const json = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const code = headers['x-amzn-errortype'];
  if (code !== undefined) return errorTroubles(sendable.operation ?? '', code, status, json);
  if (typeof json.RequestId === 'string') return aliyunTroubles(status, json);
  if (typeof json.error === 'object') return nativeTroubles(status, json.error as Readonly<Record<string, unknown>>);
  if (status >= 400) return [`status ${status} with a body of no known form`];
  // What else was changed may have made it another operation.
  const sure = sendable.face === 'eks' && !/ path |as a whole/.test(sendable.target) && !sendable.what.includes(';');
  return sure ? answerTroubles(sendable.operation ?? '', json) : [];
}

function aliyunTroubles(status: number, { Code: code }: Readonly<Record<string, unknown>>): readonly string[] {
  if (status < 400) return [];
  const known = Object.entries(aliyunErrors).find(([name]) => name === code)?.[1];
  return known?.status === status ? [] : [`status ${status} with the code ${String(code)}`];
}

function nativeTroubles(status: number, { code }: Readonly<Record<string, unknown>>): readonly string[] {
  const known = Object.entries(nativeErrors).find(([name]) => name === code)?.[1];
  return known?.status === status || code === 'not-found' ? [] : [`status ${status} with the code ${String(code)}`];
}

/** Who answered: a path that was changed may be another face's. */
function faceOf({ headers, body }: Pick<Received, 'headers' | 'body'>): string {
  if (headers['content-type']?.startsWith('text/xml') === true) return 'sts';
  if (headers['x-amzn-requestid'] !== undefined) return 'eks';
  if (headers['x-acs-request-id'] !== undefined) return 'aliyun';
  return body.toString('latin1', 0, 9) === '{"error":' ? 'native' : '';
}

/** What was validly signed must be taken as such; what was not must do nothing. */
function signatureTroubles(
  { sort, face, what, method, bytes }: Sendable,
  { status, headers, body }: Received,
): readonly string[] {
  if (faceOf({ headers, body }) !== face) return [];
  // The body of a GET means nothing and is not read, so that it is not what was signed.
  if (method === 'GET' && /\r\n(content-length|transfer-encoding):/.test(bytes.toString('latin1'))) return [];
  const text = body.toString('utf8', 0, 400);
  const refused =
    /SignatureDoesNotMatch|IncompleteSignature|"InvalidTimeStamp|SignatureNonceUsed|MissingAccessKeyId|"unauthenticated"|InvalidClientTokenId/.test(
      text,
    );
  const ofAws = /^(InvalidSignature|IncompleteSignature|UnrecognizedClient)Exception$/.test(headers['x-amzn-errortype'] ?? '');
  if (sort === 'signed' && (refused || ofAws)) return ['what was validly signed was refused for its signature'];
  const unsignedPart = face === 'native' && /^(long ago|not yet|a \w+ that was not signed|a moment that is none)$/.test(what);
  return sort === 'broken signature' && status < 300 && !unsignedPart ? ['what was not validly signed was done'] : [];
}
