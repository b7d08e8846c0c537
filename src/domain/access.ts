import type { PolicyDocument } from './access-policy.ts';
import type { Instant } from './release.ts';

/** A key that signs requests. The secret is decrypted only in memory and never logged. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  readonly description: string;
  readonly status: 'active' | 'revoked';
  /** What it may do; null is everything. It never changes. */
  readonly policy: PolicyDocument | null;
  readonly createdAt: Instant;
}

/** Who is calling: the key, the account it belongs to, and what it may do. */
export interface Caller {
  readonly keyId: string;
  readonly account: string;
  readonly policy: PolicyDocument | null;
}

/** Somebody signed in with a key, as people do in a browser. */
export interface Session {
  /** A hash of what is shown for it, so that whoever reads the database can show nothing. */
  readonly id: string;
  readonly keyId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** One call that changes something, or was to. Nothing of what was sent but the names of what it is about. */
export interface AuditEntry {
  readonly at: Instant;
  readonly account: string;
  readonly keyId: string;
  /** Whether it came from a session of the console. */
  readonly isSession: boolean;
  readonly face: string;
  /** As the policies of keys name it: `clusterlift:StartUpgrade`, `eks:UpdateClusterVersion`. */
  readonly action: string;
  /** `cluster/es-cn-1`, an ARN; `*` where it has no name. */
  readonly about: string;
  /** What was made by it: `/upgrades/8a1f...`. */
  readonly made: string | null;
  /** Of HTTP. */
  readonly status: number;
  /** Of the error, in the words of its API; null where it went well. */
  readonly code: string | null;
  readonly requestId: string;
  /** Where it came from, as the connection says. */
  readonly address: string;
}

/** Rises with every entry. */
export type NumberedEntry = AuditEntry & { readonly seq: number };

/** Encrypts what must not lie readable in the database. What `seal` made, only `open` with the same key reads. */
export interface SecretBox {
  seal(plain: string): string;
  /** Throws when the text was changed, or sealed with another key. */
  open(sealed: string): string;
}

/** A request as it stood on the wire; nothing in it has been decoded. Header names are in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  /** What follows the question mark, as sent; empty where there is none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Who signed a request, or why nobody did. */
export type Authentication =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | {
      readonly kind: 'refused';
      readonly because:
        | 'missing'
        | 'unknown-scheme'
        | 'unknown-key'
        | 'revoked-key'
        | 'time-format'
        | 'time-expired'
        | 'nonce-used';
    }
  | { readonly kind: 'refused'; readonly because: 'incomplete'; readonly says: string }
  /** `stringToSign` lets an honest caller find out what was signed differently. It holds no secret. */
  | { readonly kind: 'refused'; readonly because: 'mismatch'; readonly stringToSign: string };

/** Who signed a request by AWS Signature Version 4, or why nobody did. */
export type AwsAuthentication =
  | {
      readonly kind: 'caller';
      readonly caller: Caller;
      /** Region and service that the signature is for. */
      readonly region: string;
      readonly service: string;
    }
  | AwsRefusal;

export type AwsRefusal =
  /** `unknown-token`: there are no session tokens here, so that none is known. */
  | {
      readonly kind: 'refused';
      readonly because: 'missing' | 'unknown-key' | 'revoked-key' | 'unknown-token' | 'payload-mismatch';
    }
  /** `says` is one or more sentences, as AWS words them. */
  | { readonly kind: 'refused'; readonly because: 'incomplete'; readonly says: string }
  | {
      readonly kind: 'refused';
      readonly because: 'wrong-scope';
      readonly part: 'date' | 'region' | 'service' | 'terminator';
      readonly says: string;
    }
  /** What should have been signed, so that an honest caller finds out what he signed differently. It holds no secret. */
  | { readonly kind: 'refused'; readonly because: 'mismatch'; readonly canonicalRequest: string; readonly stringToSign: string }
  /** Signed at `signedAt`, which is past `limit`: `windowMs` before or after `now`. Moments are written as in signatures. */
  | {
      readonly kind: 'refused';
      readonly because: 'expired' | 'not-yet-current';
      readonly signedAt: string;
      readonly limit: string;
      readonly now: string;
      readonly windowMs: number;
    };

/** Who a token of `aws eks get-token` speaks for. */
export type TokenAuthentication =
  | AwsAuthentication
  | { readonly kind: 'refused'; readonly because: 'not-a-token'; readonly says: string };
