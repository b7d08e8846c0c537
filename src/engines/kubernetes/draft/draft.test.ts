import { describe, expect, it } from 'vitest';
import { kubernetesIdentities, kubernetesMembers } from '../../../domain/index.ts';
import { addNodegroup } from '../nodegroups.ts';
import { atTest, drafted, ioWith } from '../testing.ts';
import { draft, requestedSpec, troubles } from './index.ts';

const release = { version: '1.36', build: 'eks.3' };
const group = { name: 'Blue', release, minSize: 1, maxSize: 3, maxUnavailable: 1, labels: {}, taints: [], tags: {}, face: {} };

describe('a cluster that is to be made', () => {
  it('gets an address for every member in a block of its own', async () => {
    const { spec } = await drafted(requestedSpec({ release, etcd: 3 }));
    const addresses = Object.fromEntries(kubernetesMembers(spec).map(({ name, address }) => [name, address]));
    expect(addresses).toMatchObject({
      'front-door': '127.77.3.1',
      'apiserver-1': '127.77.3.11',
      'apiserver-2': '127.77.3.12',
      'apiserver-surge': '127.77.3.19',
      'etcd-1': '127.77.3.21',
      'etcd-3': '127.77.3.23',
      'controller-manager-2': '127.77.3.32',
      'scheduler-2': '127.77.3.42',
    });
    expect(new Set(Object.values(addresses)).size).toBe(kubernetesMembers(spec).length);
    expect(spec.endpoint).toBe('https://127.77.3.1:6443');
    const other = await drafted(requestedSpec({ release }), [spec]);
    expect(other.spec.endpoint).toBe('https://127.77.4.1:6443');
  });

  it('gets keys and certificates that name what they are for', async () => {
    const { secrets } = await drafted(requestedSpec({ release }));
    for (const name of kubernetesIdentities)
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining([`${name}.crt`, `${name}.key`]));
    const told = (name: string) => JSON.parse(secrets[`${name}.crt`] ?? '');
    expect(told('apiserver')).toMatchObject({ by: 'kubernetes', use: 'server' });
    expect(told('apiserver').ipAddresses).toEqual(
      expect.arrayContaining(['127.77.3.1', '127.77.3.11', '127.77.3.12', '127.77.3.19', '127.0.0.1', '10.96.0.1']),
    );
    expect(told('apiserver').dnsNames).toContain('kubernetes.default.svc');
    expect(told('front-proxy-client').by).toBe('kubernetes-front-proxy');
    expect(told('admin').organizations).toEqual(['system:masters']);
    expect(told('etcd').use).toBe('both');
    expect(secrets['webhook-token']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names the first address of its services, wherever in their range the one stands that was said', async () => {
    const firstOf = async (serviceCidr: string) => {
      const { secrets } = await drafted(requestedSpec({ release, serviceCidr }));
      return JSON.parse(secrets['apiserver.crt'] ?? '').ipAddresses.at(-1);
    };
    for (const [range, first] of [
      ['10.96.0.0/16', '10.96.0.1'],
      ['10.96.7.255/16', '10.96.0.1'],
      ['10.96.0.255/28', '10.96.0.241'],
      ['192.168.255.255/24', '192.168.255.1'],
    ] as const)
      expect([range, await firstOf(range)]).toEqual([range, first]);
  });

  it('is refused where its members would be on several hosts, or on one that is not there', async () => {
    const spec = requestedSpec({ release });
    const ask = (members: typeof spec.members) =>
      draft(
        { clusterId: 'k8s-1', spec: { ...spec, members }, others: [], repositoryFolder: '/s', authenticationUrl: '' },
        ioWith(),
      );
    expect(await ask(spec.members.map((one, index) => ({ ...one, host: `host-${index}` })))).toMatchObject({ kind: 'refused' });
    expect(await ask(spec.members.map((one) => ({ ...one, host: 'gone' })))).toEqual({
      kind: 'refused',
      because: ['members: host gone is not configured on this server.'],
    });
  });
});

describe('what is wrong with a description', () => {
  const good = addNodegroup(requestedSpec({ release }), { ...group, desiredSize: 2 }, atTest);
  const wrong = (change: Partial<typeof good>) => troubles({ ...good, ...change }, (key) => key === 'local').join(' ');

  it('is nothing for one that is as usual', () => expect(wrong({})).toBe(''));

  it('names the key', () => {
    expect(wrong({ members: good.members.filter(({ component }) => component !== 'kube-apiserver') })).toContain(
      'no kube-apiserver',
    );
    expect(wrong({ members: [...good.members, ...good.members.slice(0, 1)] })).toContain('members: etcd-1 is there twice');
    expect(wrong({ members: good.members.map((one) => ({ ...one, host: 'gone' })) })).toContain('host gone is not configured');
    expect(wrong({ members: good.members.map((one) => ({ ...one, name: 'A B' })) })).toContain('A B is no name');
    expect(wrong({ serviceCidr: '10.0.0.0/99' })).toContain('serviceCidr: 10.0.0.0/99');
    expect(wrong({ endpoint: 'http://a' })).toContain('endpoint: http://a');
    expect(wrong({ soakMs: -1 })).toContain('soakMs');
    expect(wrong({ flags: { etcd: ['quota'] } })).toContain('flags.etcd: quota');
  });

  it('is what would be a command where it is written into a script, or a line more in a file', () => {
    const at = (address: string) => wrong({ members: good.members.map((one) => ({ ...one, address })) });
    for (const address of ['$(id)', '`id`', '127.0.0.1;id', "'", 'a"b', '127.0.0.1\n', '-a'])
      expect(at(address)).toContain(`members: apiserver-1: ${address} is no address`);
    for (const address of ['127.77.3.11', '::1', 'node-1.example.org', '']) expect(at(address)).toBe('');
    for (const serviceCidr of ['10.96.0.0/16/$(id)', '10.96.0.0/16\n', '10.96.0.0/16"'])
      expect(wrong({ serviceCidr })).toContain('serviceCidr');
    expect(wrong({ endpoint: 'https://a.example\n  tls-server-name: b' })).toContain('endpoint');
    expect(wrong({ endpoint: 'https://a.example:6443' })).toBe('');
  });
});
