import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

const commonNameType = '2.5.4.3';
const organizationType = '2.5.4.10';

/** Kubernetes reads the user from the common name and his groups from the organizations, each in a set of its own. */
export function nameOf(commonName: string, organizations: readonly string[]): Name {
  return new Name([
    ...organizations.map((organization) => part(organizationType, organization)),
    part(commonNameType, commonName),
  ]);
}

function part(type: string, text: string): RelativeDistinguishedName {
  return new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) })]);
}
