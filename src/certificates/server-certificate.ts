import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificates, Identity, Instant } from '../domain/index.ts';

const dayMs = 24 * 60 * 60_000;
/** Whoever trusts our authority has copied it: it lasts as long as a server is likely to. */
const authorityLifeMs = 3_650 * dayMs;
/** Some clients take no server certificate that is valid for longer than 825 days. */
const serverLifeMs = 365 * dayMs;
const renewBeforeMs = 30 * dayMs;
/** Clocks of clients may be behind. */
const backdateMs = 60 * 60_000;

export interface OwnServerRequest {
  /** Files are kept here: `ca.crt`, `ca.key`, `server.crt`, `server.key`. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly now: Instant;
  readonly certificates: Certificates;
}

export interface OwnServerCertificate extends Identity {
  /** PEM of the authority, for whoever is to trust us, and the file that holds it. */
  readonly authority: string;
  readonly authorityFile: string;
}

/**
 * The certificate of our own TLS listener, signed by an authority of our own. It is kept, and made anew when it is about
 * to run out, when it does not name what it is to name, or when its files do not fit one another.
 */
export async function ownServerCertificate(request: OwnServerRequest): Promise<OwnServerCertificate> {
  const { folder, now, certificates } = request;
  const file = (name: string) => join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const nowMs = Date.parse(now);
  const notBefore = at(nowMs - backdateMs);
  let authority = read(file('ca'));
  if (authority === null || !lasts(authority, nowMs)) {
    // Two installations may be trusted by one client: their authorities must not share a name.
    const name = `Clusterlift ${createHash('sha256').update(`${folder} ${now}`).digest('hex').slice(0, 8)}`;
    authority = await certificates.authority(name, notBefore, at(nowMs + authorityLifeMs));
    write(file('ca'), authority);
  }
  let server = read(file('server'));
  if (server === null || !lasts(server, nowMs) || !fits(server, authority, request)) {
    const notAfter = at(Math.min(nowMs + serverLifeMs, Date.parse(new X509Certificate(authority.certificate).validTo)));
    const { names, addresses } = request;
    const subject = { commonName: names[0] ?? addresses[0] ?? 'clusterlift', organizations: [] };
    const wanted = { ...subject, dnsNames: names, ipAddresses: addresses, use: 'server', notBefore, notAfter } as const;
    server = await certificates.issue(authority, wanted);
    write(file('server'), server);
  }
  return { ...server, authority: authority.certificate, authorityFile: file('ca.crt') };
}

function at(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString();
}

/** Null where it is not there, or where its two files do not belong together (a server may be killed between them). */
function read(file: string): Identity | null {
  if (!existsSync(`${file}.crt`) || !existsSync(`${file}.key`)) return null;
  const identity = { certificate: readFileSync(`${file}.crt`, 'utf8'), key: readFileSync(`${file}.key`, 'utf8') };
  return belongTogether(identity) ? identity : null;
}

function lasts({ certificate }: Identity, nowMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return Date.parse(validFrom) <= nowMs && Date.parse(validTo) - nowMs > renewBeforeMs;
}

function belongTogether({ certificate, key }: Identity): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Signed by this authority, and naming exactly what it is to name. */
function fits({ certificate }: Identity, authority: Identity, { names, addresses }: OwnServerRequest): boolean {
  const shown = new X509Certificate(certificate);
  if (!shown.verify(new X509Certificate(authority.certificate).publicKey)) return false;
  const named = (shown.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  return (
    named.length === names.length + addresses.length &&
    names.every((name) => named.includes(`DNS:${name}`)) &&
    addresses.every((address) => shown.checkIP(address) !== undefined)
  );
}

/** Each file whole or not at all; the key first, so that a certificate is never there without one. */
function write(file: string, { certificate, key }: Identity): void {
  writeWhole(`${file}.key`, key, 0o600);
  writeWhole(`${file}.crt`, certificate, 0o644);
}

function writeWhole(file: string, text: string, mode: number): void {
  const scratch = `${file}.${process.pid}.new`;
  rmSync(scratch, { force: true });
  writeFileSync(scratch, text, { mode, flag: 'wx' });
  renameSync(scratch, file);
}
