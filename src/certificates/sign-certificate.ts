import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  type Name,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Identity, IdentityRequest } from '../domain/index.ts';

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const purposes: Readonly<Record<IdentityRequest['use'], readonly string[]>> = {
  server: [id_kp_serverAuth],
  client: [id_kp_clientAuth],
  both: [id_kp_serverAuth, id_kp_clientAuth],
};

export interface CertificateText extends Omit<IdentityRequest, 'commonName' | 'organizations' | 'use'> {
  readonly subject: Name;
  readonly publicKey: KeyObject;
  /** 16 bytes. */
  readonly serial: Uint8Array;
  readonly use: IdentityRequest['use'] | 'authority';
}

export interface Issuer {
  readonly name: Name;
  readonly keyId: Uint8Array;
  readonly privateKey: KeyObject;
}

/** An authority as it was kept: its name and key id are taken from its certificate as they stand, byte for byte. */
export function issuerOf({ certificate, key }: Identity): Issuer {
  const { tbsCertificate } = AsnConvert.parse(new X509Certificate(certificate).raw, Certificate);
  return {
    name: tbsCertificate.subject,
    keyId: keyIdOf(tbsCertificate.subjectPublicKeyInfo),
    privateKey: createPrivateKey(key),
  };
}

/** The certificate in PEM. Without an issuer it is signed by its own key. */
export function signCertificate(text: CertificateText, issuer: Issuer): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: positive(text.serial),
    signature: algorithm,
    issuer: issuer.name,
    validity: new Validity({ notBefore: new Date(text.notBefore), notAfter: new Date(text.notAfter) }),
    subject: text.subject,
    subjectPublicKeyInfo: publicKeyOf(text.publicKey),
    extensions: new Extensions(extensionsOf(text, issuer)),
  });
  const signed = sign('sha256', new Uint8Array(AsnConvert.serialize(tbsCertificate)), issuer.privateKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signed).buffer,
  });
  return new X509Certificate(new Uint8Array(AsnConvert.serialize(certificate))).toString();
}

/** What a certificate's key is known by among extensions, and its authority's: a name alone may be shared. */
export function keyIdOf(publicKey: SubjectPublicKeyInfo): Uint8Array {
  return createHash('sha1').update(new Uint8Array(publicKey.subjectPublicKey)).digest();
}

export function publicKeyOf(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(key.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);
}

function extensionsOf(text: CertificateText, issuer: Issuer): Extension[] {
  const isAuthority = text.use === 'authority';
  const usage = isAuthority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : 0;
  const names = [
    ...text.dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...text.ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: isAuthority }), true),
    extension(id_ce_keyUsage, new KeyUsage(usage | KeyUsageFlags.digitalSignature), true),
    ...(text.use === 'authority' ? [] : [extension(id_ce_extKeyUsage, new ExtendedKeyUsage([...purposes[text.use]]))]),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdOf(publicKeyOf(text.publicKey)))),
    extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuer.keyId) })),
    ...(names.length === 0 ? [] : [extension(id_ce_subjectAltName, new SubjectAlternativeName(names))]),
  ];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** A serial number is a positive integer: its first bit stays clear, and the one after it keeps all of them equally long. */
function positive(serial: Uint8Array): ArrayBuffer {
  const bytes = new Uint8Array(serial);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}
