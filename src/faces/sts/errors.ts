/** Every error of the query protocol that is answered here, with its status and usual sentence. */
import type { Service } from './request.ts';
import { escapeXml, namespaces } from './result.ts';

export const errorTable = {
  MissingAuthenticationToken: { status: 403, says: 'Request is missing Authentication Token' },
  IncompleteSignature: { status: 400, says: 'The request signature does not conform to AWS standards.' },
  InvalidClientTokenId: { status: 403, says: 'The security token included in the request is invalid.' },

  SignatureDoesNotMatch: {
    status: 403,
    says: 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
  AccessDenied: { status: 403, says: 'Access denied.' },
  MissingAction: { status: 400, says: 'The request is missing an action or a required parameter.' },
  InvalidAction: { status: 400, says: 'Could not find the operation.' },
  ValidationError: { status: 400, says: 'The request is not valid.' },
  MalformedInput: { status: 400, says: 'The request could not be read.' },
  ServiceUnavailable: { status: 503, says: 'The request has failed due to a temporary failure of the server.' },
} as const;

export interface QueryError {
  readonly kind: 'error';
  readonly code: keyof typeof errorTable;
  readonly status: number;
  readonly says: string;
}

export function fail(code: QueryError['code'], says?: string): QueryError {
  return { kind: 'error', code, status: errorTable[code].status, says: says ?? errorTable[code].says };
}

export function errorXml(error: QueryError, service: Service, requestId: string): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return (
    `<ErrorResponse xmlns="${namespaces[service]}">\n  <Error>\n    <Type>${type}</Type>\n    <Code>${error.code}</Code>\n` +
    `    <Message>${escapeXml(error.says)}</Message>\n  </Error>\n  <RequestId>${requestId}</RequestId>\n</ErrorResponse>\n`
  );
}
