import type { Instant } from './release.ts';

/** A certificate and its key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface IdentityRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly use: 'server' | 'client' | 'both';
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** Makes keys and certificates. Keys are elliptic (P-256) but for `signingKeys`. */
export interface Certificates {
  authority(commonName: string, notBefore: Instant, notAfter: Instant): Promise<Identity>;
  issue(authority: Identity, request: IdentityRequest): Promise<Identity>;
  /** A pair of RSA keys (2048 bits, PEM: `PUBLIC KEY` and `PRIVATE KEY`) that signs the tokens of service accounts. */
  signingKeys(): Promise<{ readonly publicKey: string; readonly privateKey: string }>;
}
