/**
 * Keys and X.509 certificates for TLS among members, clients and this server.
 * It does not know: what a cluster is, which member shows which certificate.
 */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Certificates } from '../domain/index.ts';
import { issuerOf, keyIdOf, publicKeyOf, signCertificate } from './sign-certificate.ts';
import { nameOf } from './subject.ts';

export { type OwnServerCertificate, ownServerCertificate } from './server-certificate.ts';

const makePair = promisify(generateKeyPair);
const serialBytes = 16;

export interface CertificatesOptions {
  /** For serial numbers. Absent: the system's own. */
  readonly random?: (bytes: number) => Uint8Array;
}

export function createCertificates({ random = randomBytes }: CertificatesOptions = {}): Certificates {
  return {
    authority: async (commonName, notBefore, notAfter) => {
      const { publicKey, privateKey } = await makePair('ec', { namedCurve: 'P-256' });
      const subject = nameOf(commonName, []);
      const validity = { notBefore, notAfter };
      const certificate = signCertificate(
        { ...validity, subject, publicKey, serial: random(serialBytes), use: 'authority', dnsNames: [], ipAddresses: [] },
        { name: subject, keyId: keyIdOf(publicKeyOf(publicKey)), privateKey },
      );
      return { certificate, key: pemOf(privateKey) };
    },
    issue: async (authority, { commonName, organizations, ...request }) => {
      const { publicKey, privateKey } = await makePair('ec', { namedCurve: 'P-256' });
      const subject = nameOf(commonName, organizations);
      const certificate = signCertificate({ ...request, subject, publicKey, serial: random(serialBytes) }, issuerOf(authority));
      return { certificate, key: pemOf(privateKey) };
    },
    signingKeys: async () => {
      const { publicKey, privateKey } = await makePair('rsa', { modulusLength: 2048 });
      return { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey: pemOf(privateKey) };
    },
  };
}

function pemOf(privateKey: KeyObject): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
