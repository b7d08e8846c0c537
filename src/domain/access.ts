import type { Instant } from './release.ts';

/** A key that signs requests. The secret is decrypted only in memory and never logged. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  readonly description: string;
  readonly status: 'active' | 'revoked';
  readonly createdAt: Instant;
}

/** Who is calling: the key, and the account it belongs to. */
export interface Caller {
  readonly keyId: string;
  readonly account: string;
}

/** Encrypts what must not lie readable in the database. What `seal` made, only `open` with the same key reads. */
export interface SecretBox {
  seal(plain: string): string;
  /** Throws when the text was changed, or sealed with another key. */
  open(sealed: string): string;
}
