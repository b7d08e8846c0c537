import { describe, expect, it } from 'vitest';
import type { Observation, SeenKubernetes } from '../../../domain/index.ts';
import { basisOf, clusterOfBasis, newestOf, observe, releaseOf } from './index.ts';
import { type Answers, catalog, changed, cluster, ioOf, silence } from './testing.ts';

const look = (answers: Answers = {}): Promise<Observation<SeenKubernetes>> =>
  observe(cluster, catalog, ioOf({ answers }), 'turn');
const metricsOf = (address: string, version: string) => {
  const url = `https://${address}/metrics`;
  return { [url]: changed(url, (body: string) => body.replaceAll('v1.36.1', version)) };
};
const versionOf = (address: string, gitVersion: string) => {
  const url = `https://${address}/version`;
  return { [url]: changed(url, (body: object) => ({ ...body, gitVersion })) };
};

describe('the release of a cluster', () => {
  it('is the lowest among apiservers and controllers', async () => {
    expect(releaseOf(await look())).toEqual({ version: '1.36', build: 'eks.1' });
    const lifted = { ...versionOf('127.66.6.11:6443', 'v1.36.3'), ...versionOf('127.66.6.12:6443', 'v1.36.3') };
    expect(releaseOf(await look(lifted))).toEqual({ version: '1.36', build: 'eks.1' });
    const all = ['127.66.6.31:10257', '127.66.6.32:10257', '127.66.6.41:10259', '127.66.6.42:10259'].map((address) =>
      metricsOf(address, 'v1.36.3'),
    );
    expect(releaseOf(await look(Object.assign({}, lifted, ...all)))).toEqual({ version: '1.36', build: 'eks.3' });
    expect(releaseOf(await look(metricsOf('127.66.6.42:10259', 'v1.35.4')))).toEqual({ version: '1.35', build: 'eks.4' });
  });

  it('is not the newest among them, where they differ', async () => {
    expect(newestOf(await look())).toEqual({ version: '1.36', build: 'eks.1' });
    expect(newestOf(await look(versionOf('127.66.6.12:6443', 'v1.36.3')))).toEqual({ version: '1.36', build: 'eks.3' });
  });

  it('has no build where the catalog does not know the patch', async () => {
    expect(releaseOf(await look(versionOf('127.66.6.11:6443', 'v1.36.0-eks-abc1234')))).toEqual({ version: '1.36', build: null });
  });

  it('cannot be told while no apiserver answers', async () => {
    expect(releaseOf(await look({ ...silence('127.66.6.11'), ...silence('127.66.6.12') }))).toBeNull();
  });
});

describe('the basis of a plan', () => {
  it('names the cluster, and what each member runs and behaves as', async () => {
    const basis = basisOf(await look());
    expect(basis).toBe(
      '06304f9f-d72c-462e-a6a4-3f709e5ac603 etcd-1=3.6.16 apiserver-1=1.36 (eks.1) apiserver-2=1.36 (eks.1) as 1.35 ' +
        'apiserver-surge=away controller-manager-1=1.36 (eks.1) controller-manager-2=1.36 (eks.1) scheduler-1=1.36 (eks.1) ' +
        'scheduler-2=1.36 (eks.1) front-door=there blue-1=1.36 (eks.1) blue-surge=away',
    );
    expect(clusterOfBasis(basis)).toBe('06304f9f-d72c-462e-a6a4-3f709e5ac603');
    expect(basisOf(await look())).toBe(basis);
  });

  it('names no cluster where none is known', async () => {
    const basis = basisOf(await look({ 'https://127.66.6.11:6443/api/v1/namespaces/kube-system?resourceVersion=0': null }));
    expect(basis).toMatch(/^unreachable etcd-1=/);
    expect(clusterOfBasis(basis)).toBeNull();
  });
});
