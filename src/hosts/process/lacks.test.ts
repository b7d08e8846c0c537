import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ArtefactSource, Launch } from '../../domain/index.ts';
import { lacking } from './lacks.ts';
import { type Machine, placesOf } from './places.ts';

const root = mkdtempSync(join(tmpdir(), 'clusterlift-lacks-'));
afterAll(() => rmSync(root, { recursive: true }));

const cacheDir = join(root, 'cache');
const machine: Machine = { cacheDir, downloads: false, jdks: () => [], usualAccount: null, platform: process.platform };
const component: ArtefactSource = { kind: 'component', name: 'kubernetes-1.36.3' };
const archive: ArtefactSource = { kind: 'archive', url: 'https://dl.example/kubernetes.tar.gz', sha256: 'a'.repeat(64) };
const notBuilt = `There is no component kubernetes-1.36.3 in ${join(cacheDir, 'components')}: run \`npm run components\`.`;
const notDownloaded = 'https://dl.example/kubernetes.tar.gz is downloaded only where the configuration says `downloads: true`.';

function aLaunch(change: Partial<Launch>): Launch {
  return {
    ...{ clusterId: 'c1', member: 'one', release: { version: '1.36', build: 'eks.3' }, artefacts: [], java: null },
    ...{ command: ['/bin/sh'], environment: {}, files: [], copies: [], folders: null, sharedFolders: [] },
    ...{ readyUrl: '', archive: null },
    ...change,
  };
}

/** A folder that lies ready, with these programs. */
function aHome(name: string, ...programs: readonly string[]): ArtefactSource {
  const path = join(root, name);
  for (const program of programs) {
    mkdirSync(join(path, program, '..'), { recursive: true });
    writeFileSync(join(path, program), '');
  }
  return { kind: 'folder', path };
}

describe('what a launch lacks on this machine', () => {
  it('is nothing where all lies ready or can be got', () => {
    const ready = aHome('ready', 'bin/kube-apiserver');
    expect(lacking(aLaunch({ artefacts: [ready] }), machine)).toEqual([]);
    expect(lacking(aLaunch({}), machine)).toEqual([]);
    expect(lacking(aLaunch({ artefacts: [component, archive] }), { ...machine, downloads: true })).toEqual([]);
    // An archive alone is the only source that whoever wrote the catalog named.
    expect(lacking(aLaunch({ artefacts: [archive] }), machine)).toEqual([]);
  });

  it('is what is neither built nor to be downloaded, with both ways to get it', () => {
    expect(lacking(aLaunch({ artefacts: [component, archive] }), machine)).toEqual([`${notBuilt} ${notDownloaded}`]);
  });

  it('is a program of the machine, and one that it needs beside its own, with what to install', () => {
    const says = (name: string) => `${name} was not found on this machine: install it, for example the package ${name}.`;
    expect(lacking(aLaunch({ command: ['no-such-balancer', '-f', 'x'] }), machine)).toEqual([says('no-such-balancer')]);
    const tools = [{ name: 'no-such-tool', release: { version: '1', build: null }, artefacts: [] }];
    expect(lacking(aLaunch({ tools }), machine)).toEqual([says('no-such-tool')]);
  });

  it('is a Java that fits, found anew each time, in the very sentence that a start fails with', () => {
    const launch = aLaunch({ release: { version: '6.7.0', build: null }, java: { min: 8, max: 17 } });
    const says =
      '6.7.0 needs Java 8 to 17; here is none. Install one, for example the package openjdk-17-jre-headless, or name its ' +
      'folder with `javaHomes` in the configuration.';
    expect(lacking(launch, machine)).toEqual([says]);
    expect(placesOf(launch, machine)).toBe(says);
    expect(lacking({ ...launch, java: { min: 21, max: 25 } }, { ...machine, jdks: () => [{ feature: 17, home: '/j' }] })).toEqual(
      [expect.stringContaining('needs Java 21 to 25; here is 17. Install one, for example the package openjdk-21-jre-headless')],
    );
    let jdks: ReturnType<Machine['jdks']> = [];
    const growing = { ...machine, jdks: () => jdks };
    expect(lacking(launch, growing).length).toBe(1);
    jdks = [{ feature: 11, home: '/j' }];
    expect(lacking(launch, growing)).toEqual([]);
  });

  it('is Maven where nothing else has it', () => {
    const maven: ArtefactSource = { kind: 'maven', coordinate: 'a:b:1:zip', sha256: 'a'.repeat(64) };
    const launch = aLaunch({ release: { version: '6.7.0', build: null }, artefacts: [maven] });
    vi.stubEnv('PATH', join(root, 'empty'));
    try {
      expect(lacking(launch, machine)).toEqual([
        '6.7.0 cannot be run here. Maven (mvn) was not found: install it, for example the package maven.',
      ]);
      expect(lacking({ ...launch, artefacts: [maven, archive] }, machine)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is a program that its artefact must have and has not, even where an archive could be fetched that may have it', () => {
    const official = aHome('official', 'server/bin/kube-apiserver');
    const built = aHome('built', 'bin/hollow-node');
    const node = (...artefacts: readonly ArtefactSource[]) => aLaunch({ artefacts, programs: ['hollow-node'] });
    const says = (rest: string) =>
      `Nothing of 1.36 (eks.3) that lies ready here has hollow-node; official archives are without it. ${rest}`;
    expect(lacking(node(component, official), machine)).toEqual([says(notBuilt)]);
    expect(lacking(node(component, archive), { ...machine, downloads: true })).toEqual([says(notBuilt)]);
    expect(lacking(node(official), machine)).toEqual([says('Name a source that has it in the catalog.')]);
    expect(lacking(node(official, built), machine)).toEqual([]);
    // It is started from the one that has it, although another comes before.
    expect(placesOf(node(official, built), machine)).toMatchObject({ home: join(root, 'built') });
  });
});
