import { describe, expect, it } from 'vitest';
import { hasOwnersBalancer, kubernetesMembers, placesBehindBalancer } from '../../../domain/index.ts';
import { launch } from '../launch/index.ts';
import { addNodegroup, setNodegroupSize } from '../nodegroups.ts';
import { atTest, drafted, theKubernetesCatalog } from '../testing.ts';
import { requestedSpec, troubles } from './index.ts';

const release = { version: '1.36', build: 'eks.3' };
const endpoint = 'https://lb.example:6443';
const group = { name: 'blue', release, minSize: 1, maxSize: 3, maxUnavailable: 1, labels: {}, taints: [], tags: {}, face: {} };

function namesIn(secrets: Readonly<Record<string, string>>) {
  const { dnsNames, ipAddresses } = JSON.parse(secrets['apiserver.crt'] ?? '');
  return { dnsNames, ipAddresses };
}

describe('a cluster whose clients come through a balancer of its owner', () => {
  it('has no front door, and the address of the balancer where everybody is told the way', async () => {
    const cluster = await drafted(requestedSpec({ release, endpoint }));
    const { spec } = cluster;
    expect(spec.endpoint).toBe(endpoint);
    expect(kubernetesMembers(spec).some(({ component }) => component === 'front-door')).toBe(false);
    expect(hasOwnersBalancer(spec)).toBe(true);
    expect(hasOwnersBalancer((await drafted(requestedSpec({ release }))).spec)).toBe(false);
    const catalog = theKubernetesCatalog();
    for (const member of ['controller-manager-1', 'scheduler-1']) {
      const { files } = launch(cluster, catalog, member, release, { kind: 'first' });
      expect(files.find(({ path }) => path === 'conf/kubeconfig')?.text).toContain(`server: ${endpoint}`);
    }
  });

  it('says whom the balancer passes connections on to, the place for one more among them', async () => {
    const { spec } = await drafted(requestedSpec({ release, endpoint }));
    expect(placesBehindBalancer(spec)).toEqual([
      { name: 'apiserver-1', at: '127.77.3.11:6443' },
      { name: 'apiserver-2', at: '127.77.3.12:6443' },
      { name: 'apiserver-surge', at: '127.77.3.19:6443' },
    ]);
  });

  it('has the name or the address of the balancer in the certificate that its apiservers show', async () => {
    const certificateOf = async (at: string) => namesIn((await drafted(requestedSpec({ release, endpoint: at }))).secrets);
    expect((await certificateOf(endpoint)).dnsNames).toContain('lb.example');
    expect((await certificateOf('https://10.0.0.7:6443')).ipAddresses).toContain('10.0.0.7');
    const v6 = await certificateOf('https://[fd00::7]:6443');
    expect(v6.ipAddresses).toContain('fd00::7');
    expect(v6.dnsNames.join(' ')).not.toContain('fd00');
  });

  it('lives in a block of its own all the same, nodes that are added later too', async () => {
    const first = await drafted(requestedSpec({ release, endpoint }));
    const second = await drafted(requestedSpec({ release, endpoint: 'https://lb.example:6444' }), [first.spec]);
    const blocks = new Set(kubernetesMembers(second.spec).map(({ address }) => address.replace(/\.\d+$/, '')));
    expect(blocks).toEqual(new Set(['127.77.4']));
    const grown = setNodegroupSize(addNodegroup(second.spec, { ...group, desiredSize: 1 }, atTest), 'blue', 3, atTest);
    const addresses = kubernetesMembers(grown).map(({ address }) => address);
    expect(addresses.every((address) => address.startsWith('127.77.4.'))).toBe(true);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(troubles(grown, () => true)).toEqual([]);
  });
});
