import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tlsIdentity } from './tls-identity.ts';

const now = '2026-11-25T10:00:00.000Z';
const listenTls = { address: '127.0.0.9', port: 7172 };

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'clusterlift-tls-'));
}

describe('what the TLS listener shows', () => {
  it('is signed by an authority of our own, whose file it names, and stays the same', async () => {
    const stateDir = folder();
    const first = await tlsIdentity({ stateDir, tls: null, listenTls }, now);
    expect(first.authorityFile).toBe(join(stateDir, 'tls', 'ca.crt'));
    const authority = new X509Certificate(readFileSync(first.authorityFile ?? ''));
    const certificate = new X509Certificate(first.certificate);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    for (const address of ['127.0.0.1', '::1', '127.0.0.9']) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.8')).toBeUndefined();
    expect(await tlsIdentity({ stateDir, tls: null, listenTls }, now)).toEqual(first);
  });

  it('names every address of the machine where it listens on all of them', async () => {
    const shown = await tlsIdentity({ stateDir: folder(), tls: null, listenTls: { address: '0.0.0.0', port: 1 } }, now);
    const certificate = new X509Certificate(shown.certificate);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('0.0.0.0')).toBeUndefined();
  });

  it('is what stands in the files of the owner, read afresh each time', async () => {
    const stateDir = folder();
    const tls = { certFile: join(stateDir, 'a.crt'), keyFile: join(stateDir, 'a.key') };
    writeFileSync(tls.certFile, 'certificate');
    writeFileSync(tls.keyFile, 'key');
    expect(await tlsIdentity({ stateDir, tls, listenTls }, now)).toEqual({
      certificate: 'certificate',
      key: 'key',
      authorityFile: null,
    });
    writeFileSync(tls.certFile, 'renewed');
    expect((await tlsIdentity({ stateDir, tls, listenTls }, now)).certificate).toBe('renewed');
  });
});
