/** A name of DNS: labels of letters, digits and hyphens. */
const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

/** An address as it stands in a URL or before a port: IPv6 in brackets. */
export function addressInUrl(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

/** The address of a balancer as a URL has it, `https://lb.example:6443`; null where the text is anything else or says more. */
export function httpsEndpoint(text: string): string | null {
  if (!/^https:\/\/[^/?#@\s\\]+\/?$/i.test(text) || !URL.canParse(text)) return null;
  const { origin, hostname, port } = new URL(text);
  return port !== '0' && (hostname.startsWith('[') || dnsName.test(hostname)) ? origin : null;
}

/** The host of a URL: an address as certificates name it, without brackets, or a name. */
export function hostOfUrl(url: string): { readonly kind: 'address' | 'name'; readonly host: string } {
  const { hostname } = new URL(url);
  if (hostname.startsWith('[')) return { kind: 'address', host: hostname.slice(1, -1) };
  return { kind: ipv4.test(hostname) ? 'address' : 'name', host: hostname };
}
