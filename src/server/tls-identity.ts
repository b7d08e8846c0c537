import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createCertificates, ownServerCertificate } from '../certificates/index.ts';
import type { Instant } from '../domain/index.ts';
import type { Config } from './config.ts';
import type { Shown } from './listen-tls.ts';

/** What the TLS listener shows: the owner's files where there are any, else a certificate by an authority of our own. */
export interface TlsIdentity extends Shown {
  /** The file that clients are to trust; null where the owner has an authority of his own. */
  readonly authorityFile: string | null;
}

export async function tlsIdentity(config: Pick<Config, 'stateDir' | 'tls' | 'listenTls'>, now: Instant): Promise<TlsIdentity> {
  if (config.tls !== null) {
    const [certificate, key] = await Promise.all([readFile(config.tls.certFile, 'utf8'), readFile(config.tls.keyFile, 'utf8')]);
    return { certificate, key, authorityFile: null };
  }
  return ownServerCertificate({
    folder: join(config.stateDir, 'tls'),
    names: [...new Set(['localhost', hostname()])].filter((name) => /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)),
    addresses: addressesOf(config.listenTls?.address ?? '127.0.0.1'),
    now,
    certificates: createCertificates(),
  });
}

/** Every address that a client may reach the listener by. */
function addressesOf(address: string): readonly string[] {
  const everywhere = address === '0.0.0.0' || address === '::';
  const ours = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
  // Those of one link alone are reached by a name of the interface too, which no certificate can hold.
  const reached = everywhere ? ours.map((info) => info.address).filter((one) => !/^fe80:/i.test(one)) : [address];
  return [...new Set(['127.0.0.1', '::1', ...reached])].filter((one) => isIP(one) !== 0).sort();
}
