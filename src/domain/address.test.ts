import { expect, it } from 'vitest';
import { addressInUrl, hostOfUrl, httpsEndpoint } from './index.ts';

it('puts IPv6 into brackets, once, and leaves names and IPv4 as they are', () => {
  expect(['::1', '[::1]', '127.0.0.1', 'node-1.example'].map(addressInUrl)).toEqual([
    '[::1]',
    '[::1]',
    '127.0.0.1',
    'node-1.example',
  ]);
  expect(new URL(`http://${addressInUrl('fe80::1')}:9200`).port).toBe('9200');
});

it('takes for the address of a balancer what is an https address and says no more', () => {
  const taken = [
    'https://lb.example:6443',
    'https://LB.example:6443/',
    'https://10.0.0.7',
    'https://[fd00::7]:6443',
    'https://lb:443',
  ];
  expect(taken.map(httpsEndpoint)).toEqual([
    'https://lb.example:6443',
    'https://lb.example:6443',
    'https://10.0.0.7',
    'https://[fd00::7]:6443',
    'https://lb',
  ]);
  const refused = ['', 'lb.example:6443', 'http://lb.example', 'https://', 'https://lb.example/path', 'https://lb.example?a=b'];
  const odd = [
    'https://a:b@lb.example',
    'https://lb.example#x',
    'https://a_b',
    'https://lb.example:0',
    'https://lb.example:99999',
  ];
  const broken = [
    'https://lb .example',
    'https://lb.example\n',
    '\nhttps://lb.example',
    'https://-lb',
    'https://*.example',
    'https://lb..example',
  ];
  for (const text of [...refused, ...odd, ...broken]) expect([text, httpsEndpoint(text)]).toEqual([text, null]);
});

it('tells an address from a name, as certificates have them', () => {
  expect(hostOfUrl('https://lb.example:6443')).toEqual({ kind: 'name', host: 'lb.example' });
  expect(hostOfUrl('https://127.77.3.1:6443')).toEqual({ kind: 'address', host: '127.77.3.1' });
  expect(hostOfUrl('https://[fd00::7]:6443')).toEqual({ kind: 'address', host: 'fd00::7' });
});
