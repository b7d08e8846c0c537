import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without types, so that it runs before anything is compiled
import * as parts from './components-parts.js';

const root = fileURLToPath(new URL('../components/', import.meta.url));
const target = { os: 'linux', arch: 'amd64' };
const named = (name: string) => parts.componentTable.find((one: { name: string }) => one.name === name);
const namesOf = (args: string[]) => parts.componentsToBuild(args).components.map((one: { name: string }) => one.name);

describe('the components to build', () => {
  it('are those of the tests, those that are named, or all', () => {
    expect(namesOf([])).toEqual([
      'kubernetes-1.36.1',
      'etcd-3.6.16',
      'kubernetes-1.37.2',
      'kubernetes-1.36.3',
      'kubernetes-load',
    ]);
    expect(namesOf(['etcd-3.5.35', 'kubernetes-1.36.3'])).toEqual(['kubernetes-1.36.3', 'etcd-3.5.35']);
    expect(namesOf(['--full'])).toHaveLength(parts.componentTable.length);
  });

  it('are not guessed from a name or an option that there is not', () => {
    expect(parts.componentsToBuild(['kubernetes-1.36', '--all']).unknown).toEqual(['--all', 'kubernetes-1.36']);
  });
});

describe('a component', () => {
  it('has a module whose release is that of its name', () => {
    for (const { name, folders } of parts.componentTable) {
      const module = readFileSync(`${root}${folders.at(-1)}/go.mod`, 'utf8');
      const release = parts.nameParts(name);
      if (release?.kind === 'kubernetes') expect(module).toContain(`k8s.io/kubernetes v${release.version}\n`);
      if (release?.kind === 'etcd') expect(module).toContain(`go.etcd.io/etcd/server/v3 v${release.version}`);
    }
  });

  it('has a folder in the sources, and no folder is without one', () => {
    const used = new Set(parts.componentTable.flatMap((one: { folders: string[] }) => one.folders));
    const there = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(there.map((entry) => entry.name).sort()).toEqual([...used].sort());
  });

  it('tells the truth about its version', () => {
    const args = parts.buildArguments(named('kubernetes-1.36.3').programs[0], '/out').join(' ');
    expect(args).toContain('-X=k8s.io/component-base/version.gitVersion=v1.36.3');
    expect(args).toContain('-X=k8s.io/component-base/version.gitMinor=36');
    expect(args).toContain('-o /out/kubernetes .');
  });

  it('is static, for the platform in its name, whatever the environment says', () => {
    expect(parts.goEnvironment({ CGO_ENABLED: '1', GOOS: 'plan9', PATH: '/bin' }, target)).toEqual({
      CGO_ENABLED: '0',
      GOWORK: 'off',
      GOOS: 'linux',
      GOARCH: 'amd64',
      PATH: '/bin',
    });
    expect(parts.goPlatform('darwin', 'arm64')).toEqual({ os: 'darwin', arch: 'arm64' });
    expect(parts.goPlatform('linux', 'x64')).toEqual(target);
  });
});

describe('the folder of a finished component', () => {
  const component = named('kubernetes-1.36.1');
  const sources = new Map([
    ['go.mod', Buffer.from('module a')],
    ['main.go', Buffer.from('package main')],
  ]);
  const name = (changed = sources, one = component, where = target) => parts.folderNameOf(one, changed, where);

  it('is the same for the same sources', () => {
    expect(name()).toBe(name(new Map(sources)));
    expect(name()).toMatch(/^kubernetes-1\.36\.1-linux-amd64-[0-9a-f]{16}$/);
  });

  it('is another for other sources, another stamp or another platform', () => {
    const names = [
      name(),
      name(new Map([...sources, ['go.mod', Buffer.from('module b')]])),
      name(new Map([...sources, ['more.go', Buffer.from('')]])),
      name(sources, { ...component, programs: [{ ...component.programs[0], stamps: {} }] }),
      name(sources, component, { os: 'linux', arch: 'arm64' }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('does not depend on our own tests', () => {
    expect([...parts.sourcesOf(named('kubernetes-load'), root).keys()]).toContain('main.go');
    expect([...parts.sourcesOf(named('kubernetes-load'), root).keys()]).not.toContain('load_test.go');
    expect([...parts.sourcesOf(component, root).keys()]).toEqual(['main.go', 'go.mod', 'go.sum']);
  });
});

describe('the module of a release', () => {
  it('of Kubernetes takes each staged module as it was published, and the runtime defaults of upstream', () => {
    const upstream =
      'module k8s.io/kubernetes\n\ngo 1.26.0\n\ngodebug default=go1.26\n\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n)\n';
    const module = parts.kubernetesModule('1.36.4', upstream);
    expect(module).toContain('\ngo 1.26.0\n');
    expect(module).toContain('\ngodebug default=go1.26\n');
    expect(module).toContain('require k8s.io/kubernetes v1.36.4');
    expect(module).toContain('\tk8s.io/api => k8s.io/api v0.36.4\n');
  });

  it('of etcd keeps its three programs as tools', () => {
    const module = parts.etcdModule('3.6.17', 'module x\n\ngo 1.26.0\n\ntoolchain go1.26.10\n');
    expect(module).toContain('\tgo.etcd.io/etcd/etcdutl/v3 v3.6.17\n');
    expect(module.split('tool (')[1]).toContain('go.etcd.io/etcd/etcdctl/v3');
    expect(module).not.toContain('toolchain');
  });

  it('is named after a release of three numbers', () => {
    expect(parts.nameParts('kubernetes-1.36.4')).toEqual({ kind: 'kubernetes', version: '1.36.4' });
    expect(parts.nameParts('kubernetes-1.36')).toBeNull();
    expect(parts.nameParts('kubernetes-load')).toBeNull();
  });
});
