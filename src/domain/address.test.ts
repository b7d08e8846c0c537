import { expect, it } from 'vitest';
import { addressInUrl } from './index.ts';

it('puts IPv6 into brackets, once, and leaves names and IPv4 as they are', () => {
  expect(['::1', '[::1]', '127.0.0.1', 'node-1.example'].map(addressInUrl)).toEqual([
    '[::1]',
    '[::1]',
    '127.0.0.1',
    'node-1.example',
  ]);
  expect(new URL(`http://${addressInUrl('fe80::1')}:9200`).port).toBe('9200');
});
