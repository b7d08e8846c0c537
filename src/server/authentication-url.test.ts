import { expect, it } from 'vitest';
import { authenticationUrl } from './authentication-url.ts';

const files = { certFile: '/a.crt', keyFile: '/a.key' };
const at = (address: string, tls: typeof files | null = null, listenTls: { address: string; port: number } | null = null) =>
  authenticationUrl({ listen: { address, port: 7171 }, listenTls, tls }, 'k8s-1');

it('is asked about tokens where it listens, with TLS where it speaks nothing else there', () => {
  expect(at('127.0.0.1')).toBe('http://127.0.0.1:7171/kubernetes/authenticate/k8s-1');
  expect(at('127.0.0.1', files)).toBe('https://127.0.0.1:7171/kubernetes/authenticate/k8s-1');
  expect(at('127.0.0.1', files, { address: '127.0.0.1', port: 7172 })).toMatch(/^http:/);
});

it('is asked at an address, also where it listens at every one', () => {
  expect(at('0.0.0.0')).toMatch(/^http:\/\/127\.0\.0\.1:7171\//);
  expect(at('::')).toMatch(/^http:\/\/\[::1\]:7171\//);
});
