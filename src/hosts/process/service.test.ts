import { expect, it } from 'vitest';
import { serviceIn } from './service.ts';

it('knows the systemd service that a process belongs to, and that most belong to none', () => {
  expect(serviceIn('0::/system.slice/elasticsearch.service\n')).toBe('elasticsearch.service');
  expect(serviceIn('1:name=systemd:/system.slice/es@n1.service/inner\n0::/system.slice/es@n1.service\n')).toBe('es@n1.service');
  expect(serviceIn('0::/user.slice/user-1000.slice/user@1000.service/app.slice/es.service\n')).toBe('es.service');
  expect(serviceIn('0::/user.slice/user-1000.slice/user@1000.service/session.scope\n')).toBeNull();
  expect(serviceIn('0::/\n')).toBeNull();
});
