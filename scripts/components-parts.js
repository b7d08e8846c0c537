// What components there are and what each is built from. Pure but for reading their sources, so that it can be tested.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The day of an upstream release stands in its programs, so that the same sources give the same bytes on any day. */
export const componentTable = [
  kubernetes('1.36.1', '2026-05-12T09:51:33Z', true),
  etcd('3.6.16', true),
  kubernetes('1.37.2', '2026-10-27T12:01:04Z', true),
  kubernetes('1.36.3', '2026-07-22T18:07:38Z', true),
  {
    name: 'kubernetes-load',
    folders: ['kubernetes-load'],
    programs: [{ file: 'kubernetes-load', package: '.', names: [], stamps: {} }],
    default: true,
  },
  kubernetes('1.35.4', '2026-04-15T18:01:22Z', false),
  etcd('3.5.35', false),
];

/** The module's folder comes last in `folders`; the one before it holds the program that all releases share. */
function kubernetes(version, built, isDefault) {
  const [major, minor] = version.split('.');
  const stamp = {
    gitVersion: `v${version}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    // A module does not carry its commit; Kubernetes then calls itself by its version alone.
    gitCommit: '',
    buildDate: built,
  };
  const stamps = {};
  for (const [name, value] of Object.entries(stamp)) {
    stamps[`k8s.io/component-base/version.${name}`] = value;
    stamps[`k8s.io/client-go/pkg/version.${name}`] = value;
  }
  const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'hollow-node', 'kubectl'];
  return {
    name: `kubernetes-${version}`,
    folders: ['kubernetes', `kubernetes-${version}`],
    programs: [{ file: 'kubernetes', package: '.', names, stamps }],
    default: isDefault,
  };
}

function etcd(version, isDefault) {
  const program = (file, module) => ({ file, package: `go.etcd.io/etcd/${module}/v3`, names: [], stamps: {} });
  return {
    name: `etcd-${version}`,
    folders: [`etcd-${version}`],
    programs: [program('etcd', 'server'), program('etcdctl', 'etcdctl'), program('etcdutl', 'etcdutl')],
    default: isDefault,
  };
}

/** The components named on the command line, in the table's order; without names those of `npm test`. */
export function componentsToBuild(args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const full = args.includes('--full');
  const unknown = [
    ...args.filter((arg) => arg.startsWith('--') && !['--full', '--list'].includes(arg)),
    ...names.filter((name) => !componentTable.some((one) => one.name === name)),
  ];
  const components = componentTable.filter((one) => full || (names.length === 0 ? one.default : names.includes(one.name)));
  return { components, unknown, list: args.includes('--list') };
}

/** Names and contents of what a component is built from; tests of ours are no part of it. */
export function sourcesOf(component, root) {
  const files = new Map();
  for (const folder of component.folders) {
    for (const file of readdirSync(join(root, folder)).sort()) {
      if (/(\.go|^go\.mod|^go\.sum)$/.test(file) && !file.endsWith('_test.go')) {
        files.set(file, readFileSync(join(root, folder, file)));
      }
    }
  }
  return files;
}

export function goPlatform(platform, arch) {
  return { os: platform === 'win32' ? 'windows' : platform, arch: { x64: 'amd64', ia32: '386' }[arch] ?? arch };
}

/** The folder's name holds a hash of all that goes into it: other sources give another folder, the same are found again. */
export function folderNameOf(component, sources, target) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(component.programs.map((program) => [program, buildArguments(program, '')])));
  for (const [file, content] of sources) hash.update(`\n${file} ${content.length}\n`).update(content);
  return `${component.name}-${target.os}-${target.arch}-${hash.digest('hex').slice(0, 16)}`;
}

/** Static and without paths of this machine, so that a finished program runs on any machine of its kind. */
export function buildArguments(program, out) {
  const stamps = Object.entries(program.stamps).map(([variable, value]) => `-X=${variable}=${value}`);
  const link = ['-s', '-w', ...stamps].join(' ');
  return [
    'build',
    '-v',
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    `-ldflags=${link}`,
    '-o',
    join(out, program.file),
    program.package,
  ];
}

export function goEnvironment(environment, target) {
  return { ...environment, CGO_ENABLED: '0', GOWORK: 'off', GOOS: target.os, GOARCH: target.arch };
}

/** What to install for a component, from the `go` line of its module. */
export function goNeeded(sources) {
  const version = /^go (\d+\.\d+)/m.exec(sources.get('go.mod')?.toString() ?? '')?.[1] ?? '1.26';
  return `Install Go ${version} or newer (go.dev/dl, or your system's packages) and put it in PATH.`;
}

/** One module of a Kubernetes release: upstream's own replacements point into its source tree, ours at the published modules. */
export function kubernetesModule(version, upstream) {
  const line = (word) => new RegExp(`^${word} .*$`, 'm').exec(upstream)?.[0] ?? '';
  const staged = [...upstream.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)].map((found) => found[1]);
  const published = `v0.${version.slice(version.indexOf('.') + 1)}`;
  return [
    'module clusterlift/components/kubernetes',
    line('go'),
    line('godebug'),
    `require k8s.io/kubernetes v${version}`,
    `replace (\n${staged.map((module) => `\t${module} => ${module} ${published}`).join('\n')}\n)`,
    '',
  ].join('\n\n');
}

/** The three programs of etcd are upstream's own: Go keeps them as tools of a module that has no code. */
export function etcdModule(version, upstream) {
  const modules = ['server', 'etcdctl', 'etcdutl'].map((name) => `go.etcd.io/etcd/${name}/v3`);
  return [
    'module clusterlift/components/etcd',
    /^go .*$/m.exec(upstream)?.[0] ?? '',
    `require (\n${modules.map((module) => `\t${module} v${version}`).join('\n')}\n)`,
    `tool (\n${modules.map((module) => `\t${module}`).join('\n')}\n)`,
    '',
  ].join('\n\n');
}

export function nameParts(name) {
  const found = /^(kubernetes|etcd)-(\d+\.\d+\.\d+)$/.exec(basename(name));
  return found ? { kind: found[1], version: found[2] } : null;
}
