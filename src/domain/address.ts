/** An address as it stands in a URL or before a port: IPv6 in brackets. */
export function addressInUrl(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
