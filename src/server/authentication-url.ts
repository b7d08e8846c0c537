import { addressInUrl } from '../domain/index.ts';
import type { Config } from './config.ts';

const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where the apiservers of a cluster ask who a bearer token belongs to: they run on this machine. */
export function authenticationUrl(
  { listen, listenTls, tls }: Pick<Config, 'listen' | 'listenTls' | 'tls'>,
  clusterId: string,
): string {
  const scheme = tls !== null && listenTls === null ? 'https' : 'http';
  const address = loopbackOf[listen.address] ?? listen.address;
  return `${scheme}://${addressInUrl(address)}:${listen.port}/kubernetes/authenticate/${clusterId}`;
}
