import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates, ownServerCertificate } from './index.ts';

const certificates = createCertificates();
const first = '2026-11-23T10:00:00.000Z';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterlift-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const own = (now = first, names = ['localhost'], addresses = ['127.0.0.1', '::1']) =>
  ownServerCertificate({ folder, names, addresses, now, certificates });
const days = (count: number) => new Date(Date.parse(first) + count * 24 * 60 * 60_000).toISOString();

describe('the certificate of our own listener', () => {
  it('is made with an authority of its own, kept, and the same the next time', async () => {
    const made = await own();
    expect(readdirSync(folder).sort()).toEqual(['ca.crt', 'ca.key', 'server.crt', 'server.key']);
    expect(readFileSync(made.authorityFile, 'utf8')).toBe(made.authority);
    const shown = new X509Certificate(made.certificate);
    expect(shown.verify(new X509Certificate(made.authority).publicKey)).toBe(true);
    expect([shown.checkHost('localhost'), shown.checkIP('127.0.0.1'), shown.checkIP('::1')]).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
    ]);
    expect(await own(days(1))).toEqual(made);
  });

  it('keeps its keys from everybody else', async () => {
    await own();
    const modes = ['ca.key', 'server.key', 'ca.crt', 'server.crt'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o644, 0o644]);
  });

  it('is made anew by the same authority when it is about to run out', async () => {
    const made = await own();
    expect(await own(days(334))).toEqual(made);
    const later = await own(days(336));
    expect(later.certificate).not.toBe(made.certificate);
    expect(later.authority).toBe(made.authority);
    expect(Date.parse(new X509Certificate(later.certificate).validTo)).toBeGreaterThan(Date.parse(days(700)));
  });

  it('is made anew by the same authority when it is to name something else', async () => {
    const made = await own();
    const more = await own(first, ['localhost', 'lift.example'], ['127.0.0.1', '::1', '192.0.2.7']);
    expect(more.authority).toBe(made.authority);
    const shown = new X509Certificate(more.certificate);
    expect([shown.checkHost('lift.example'), shown.checkIP('192.0.2.7')]).toEqual(['lift.example', '192.0.2.7']);
    expect(new X509Certificate((await own()).certificate).checkHost('lift.example')).toBeUndefined();
  });

  it('is made anew with its authority when that runs out', async () => {
    const made = await own();
    const later = await own(days(3_630));
    expect(later.authority).not.toBe(made.authority);
    expect(new X509Certificate(later.certificate).verify(new X509Certificate(later.authority).publicKey)).toBe(true);
  });

  it('is made anew where a key does not belong to its certificate, as after a server was killed between the two', async () => {
    const made = await own();
    const { key } = await certificates.authority('another', first, days(1));
    writeFileSync(join(folder, 'server.key'), key);
    const mended = await own();
    expect(mended.authority).toBe(made.authority);
    expect(mended.certificate).not.toBe(made.certificate);
    writeFileSync(join(folder, 'ca.key'), 'no key');
    const renewed = await own();
    expect(renewed.authority).not.toBe(made.authority);
    expect(new X509Certificate(renewed.certificate).verify(new X509Certificate(renewed.authority).publicKey)).toBe(true);
  });
});
