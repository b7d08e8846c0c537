import { describe, expect, it } from 'vitest';
import { findRoute } from '../../domain/index.ts';
import { etcdReleaseOf, parseKubernetesCatalog, patchOf } from './catalog.ts';
import { theKubernetesCatalog } from './testing.ts';

describe('the catalog of Kubernetes', () => {
  const catalog = theKubernetesCatalog();

  it('knows the patch of every build and which build a minor means', () => {
    expect(patchOf(catalog, { version: '1.36', build: 'eks.1' })).toBe('1.36.1');
    expect(patchOf(catalog, { version: '1.36', build: null })).toBe('1.36.3');
    expect(patchOf(catalog, { version: '1.37', build: 'eks.9' })).toBeNull();
  });

  it('leads a minor at a time forward, and one back', () => {
    const route = findRoute(catalog, { version: '1.35', build: 'eks.4' }, { version: '1.37', build: null });
    expect(route.kind === 'route' && route.hops.map(({ to }) => to)).toEqual([
      { version: '1.36', build: 'eks.3' },
      { version: '1.37', build: 'eks.2' },
    ]);
    const back = findRoute(catalog, { version: '1.37', build: 'eks.2' }, { version: '1.36', build: null });
    expect(back).toMatchObject({ kind: 'route', hops: [{ back: true, to: { version: '1.36', build: 'eks.3' } }] });
    expect(findRoute(catalog, { version: '1.37', build: 'eks.2' }, { version: '1.35', build: null }).kind).toBe('downgrade');
  });

  it('brings an etcd of its own for each minor, and takes a version of etcd as it is', () => {
    expect(etcdReleaseOf(catalog, { version: '1.35', build: 'eks.4' })).toEqual({ version: '3.5.35', build: null });
    expect(etcdReleaseOf(catalog, { version: '3.6.16', build: null })).toEqual({ version: '3.6.16', build: null });
  });

  it('is refused with the key that is wrong', () => {
    const raw = structuredClone(catalog) as unknown as { releases: Record<string, unknown>[]; edges: Record<string, unknown>[] };
    const broken = (change: (copy: typeof raw) => void) => {
      const copy = structuredClone(raw);
      change(copy);
      const result = parseKubernetesCatalog(copy);
      return result.kind === 'invalid' ? result.errors.join('; ') : 'no error';
    };
    expect(broken((copy) => Object.assign(copy.releases[1] ?? {}, { releasedAt: 'yesterday' }))).toContain(
      'releases.1.releasedAt',
    );
    expect(broken((copy) => Object.assign(copy.releases[1] ?? {}, { etcd: '3.4.1' }))).toBe(
      'releases.1.etcd: there is no etcd 3.4.1',
    );
    expect(broken((copy) => Object.assign(copy.releases[1] ?? {}, { defaultBuild: 'eks.7' }))).toContain(
      'releases.1.defaultBuild',
    );
    expect(broken((copy) => Object.assign(copy.releases[2] ?? {}, { builds: raw.releases[1]?.builds }))).toContain(
      'no patch of 1.37',
    );
    expect(broken((copy) => Object.assign(copy.edges[0] ?? {}, { to: '1.99' }))).toBe('edges.0: there is no release 1.99');
  });
});
