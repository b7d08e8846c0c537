import { createPublicKey, createVerify, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Identity, IdentityRequest } from '../domain/index.ts';
import { createCertificates } from './index.ts';

const certificates = createCertificates();
const notBefore = new Date(Date.now() - 60_000).toISOString();
const notAfter = new Date(Date.now() + 3_600_000).toISOString();
let authority: Identity;
beforeAll(async () => {
  authority = await certificates.authority('The authority', notBefore, notAfter);
});

const asked = (more: Partial<IdentityRequest> = {}): IdentityRequest => ({
  commonName: 'apiserver',
  organizations: [],
  dnsNames: ['kubernetes.default.svc', 'localhost'],
  ipAddresses: ['127.0.0.1', '127.77.3.11', '::1'],
  use: 'both',
  notBefore,
  notAfter,
  ...more,
});
const issued = async (more: Partial<IdentityRequest> = {}) => certificates.issue(authority, asked(more));
const read = ({ certificate }: Identity) => new X509Certificate(certificate);

describe('an authority', () => {
  it('signs itself, may sign others, and keeps its key in PKCS #8', () => {
    const itself = read(authority);
    expect([itself.ca, itself.subject, itself.issuer]).toEqual([true, 'CN=The authority', 'CN=The authority']);
    expect(itself.verify(itself.publicKey)).toBe(true);
    expect(authority.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(itself.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('is another one each time, although it has the same name', async () => {
    const another = await certificates.authority('The authority', notBefore, notAfter);
    const signed = read(await issued());
    expect(read(another).subject).toBe(read(authority).subject);
    expect(signed.verify(read(authority).publicKey)).toBe(true);
    expect(signed.verify(read(another).publicKey)).toBe(false);
    expect(read(another).serialNumber).not.toBe(read(authority).serialNumber);
  });

  it('is valid as long as was asked, beyond 2050 too', async () => {
    const long = read(await certificates.authority('Long', '2026-01-02T03:04:05.000Z', '2056-01-02T03:04:05.000Z'));
    expect(new Date(long.validFrom).toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(new Date(long.validTo).toISOString()).toBe('2056-01-02T03:04:05.000Z');
  });
});

describe('an issued certificate', () => {
  it('is signed by its authority and names every host and address, and no other', async () => {
    const shown = read(await issued());
    expect(shown.ca).toBe(false);
    expect(shown.checkIssued(read(authority))).toBe(true);
    expect(shown.verify(read(authority).publicKey)).toBe(true);
    for (const address of ['127.0.0.1', '127.77.3.11', '::1']) expect(shown.checkIP(address)).toBe(address);
    for (const host of ['kubernetes.default.svc', 'localhost']) expect(shown.checkHost(host)).toBe(host);
    expect([shown.checkIP('127.77.3.12'), shown.checkHost('kubernetes')]).toEqual([undefined, undefined]);
  });

  it('shows user and groups as subject, whatever letters they have', async () => {
    const shown = read(await issued({ commonName: 'system:node:blue-1', organizations: ['system:nodes', 'Zürich, Süd'] }));
    expect(shown.toLegacyObject().subject).toEqual({ O: ['system:nodes', 'Zürich, Süd'], CN: 'system:node:blue-1' });
  });

  it('is for servers, for clients, or for both', async () => {
    const uses = await Promise.all(
      (['server', 'client', 'both'] as const).map(async (use) => read(await issued({ use })).keyUsage),
    );
    const [server = '', client = ''] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
    expect(uses).toEqual([[server], [client], [server, client]]);
  });

  it('has a serial number that is positive and long, whatever chance gives', async () => {
    for (const byte of [0x00, 0xff]) {
      const chance = createCertificates({ random: (bytes) => new Uint8Array(bytes).fill(byte) });
      const { serialNumber } = read(await chance.issue(authority, asked()));
      expect(serialNumber).toMatch(byte === 0 ? /^40(00){15}$/ : /^7F(FF){15}$/);
    }
  });
});

describe('keys that sign tokens', () => {
  it('are a pair of RSA keys of 2048 bits', async () => {
    const { publicKey, privateKey } = await certificates.signingKeys();
    expect(publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(createPublicKey(publicKey).asymmetricKeyDetails?.modulusLength).toBe(2048);
    const signature = sign('sha256', Buffer.from('a token'), privateKey);
    expect(createVerify('sha256').update('a token').verify(publicKey, signature)).toBe(true);
  });
});

describe('a handshake', () => {
  it('holds between a server and a client that trust the authority, and each sees who the other is', async () => {
    const serverIdentity = await issued({ use: 'server' });
    const client = await issued({ use: 'client', commonName: 'admin', organizations: ['system:masters'], dnsNames: [] });
    const strangers = await certificates.authority('Strangers', notBefore, notAfter);
    const stranger = await certificates.issue(strangers, asked({ use: 'client', commonName: 'admin' }));
    const ca = authority.certificate;
    const server = createServer(
      { ca, cert: serverIdentity.certificate, key: serverIdentity.key, requestCert: true, rejectUnauthorized: true },
      (incoming, response) => response.end(JSON.stringify((incoming.socket as TLSSocket).getPeerCertificate().subject)),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = (trusted: string, shown: Identity) =>
      new Promise<{ readonly body: string; readonly peer: PeerCertificate }>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, ca: trusted, cert: shown.certificate, key: shown.key, agent: false };
        const asking = request(options, (response) => {
          const peer = (response.socket as TLSSocket).getPeerCertificate();
          response.on('error', reject).on('data', (body) => resolve({ body: String(body), peer }));
        });
        asking.on('error', reject).end();
      });
    try {
      const { body, peer } = await ask(ca, client);
      expect(JSON.parse(body)).toEqual({ O: 'system:masters', CN: 'admin' });
      expect(peer.subject).toEqual({ CN: 'apiserver' });
      await expect(ask(strangers.certificate, client)).rejects.toThrow(/unable to verify|self-signed|certificate signature/);
      await expect(ask(ca, stranger)).rejects.toThrow(/alert|ECONNRESET|socket hang up/);
      // Made for a server: a client that shows it is not taken.
      await expect(ask(ca, serverIdentity)).rejects.toThrow(/alert|ECONNRESET|socket hang up/);
    } finally {
      server.close();
    }
  });
});
