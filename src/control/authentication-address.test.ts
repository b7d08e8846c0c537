import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesSpec } from '../domain/index.ts';
import { openTestStore, sampleCluster, type TestStore } from '../store/samples.ts';
import { renewAuthenticationAddress } from './authentication-address.ts';
import { given } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const at = (port: number, id: string) => `http://127.0.0.1:${port}/kubernetes/authenticate/${id}`;

describe('the address where apiservers ask about tokens', () => {
  it.each([
    ['follows a server that has another port', 'created', at(7199, 'k8s-1'), at(7171, 'k8s-1')],
    ['stays where it is the same', 'created', at(7171, 'k8s-1'), at(7171, 'k8s-1')],
    ['stays where it is somebody else’s', 'created', 'https://auth.example/token', 'https://auth.example/token'],
    ['stays away where there is none', 'created', null, null],
    ['of a registered cluster is its owner’s', 'registered', at(7199, 'k8s-1'), at(7199, 'k8s-1')],
    ['stays where another server runs the members', 'created', at(7199, 'k8s-1'), at(7199, 'k8s-1'), 'elsewhere'],
  ] as const)('%s', async (_, origin, before, after, host: string = 'local') => {
    const g = given(test.store);
    const spec = {
      kind: 'kubernetes',
      authenticationUrl: before,
      nodegroups: [],
      members: [{ host }],
    } as unknown as KubernetesSpec;
    const cluster = sampleCluster({ id: 'k8s-1', engine: 'kubernetes', origin, spec });
    await test.store.insertCluster(cluster);
    await renewAuthenticationAddress(g.parts, cluster);
    expect((await test.store.getCluster('k8s-1'))?.spec).toMatchObject({ authenticationUrl: after });
    expect(g.log.lines.length).toBe(before === after ? 0 : 1);
    await test.store.deleteCluster('k8s-1', true);
  });
});
