/** What a launch is to run, found in its command as engines write it. */
import type { Launch } from '../../../domain/index.ts';

export const components = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'haproxy',
  'hollow-node',
  'snapshot',
] as const;
export type Component = (typeof components)[number];

export interface Command {
  readonly component: Component;
  readonly words: readonly string[];
  /** The last of each flag, without its dashes. */
  readonly flags: ReadonlyMap<string, string>;
}

/** `/bin/sh -c SCRIPT NAME FLAGS...`, or for a program of the machine `NAME FLAGS...`; null: nothing that is known here. */
export function commandOf({ command }: Pick<Launch, 'command'>): Command | null {
  const [name, ...words] = command[0] === '/bin/sh' ? command.slice(3) : command;
  const component = components.find((one) => one === name);
  return component === undefined ? null : { component, words, flags: flagsOf(words) };
}

function flagsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  words.forEach((word, at) => {
    const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) return;
    const next = words[at + 1];
    flags.set(name, value ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  });
  return flags;
}

/** `1.36.3`: told by what is fetched, as a release names only its minor; else that. */
export function patchOf({ release, artefacts }: Pick<Launch, 'release' | 'artefacts'>): string {
  for (const artefact of artefacts) {
    const [patch] = /\d+\.\d+\.\d+/.exec(JSON.stringify(artefact)) ?? [];
    if (patch !== undefined) return patch;
  }
  return /^\d+\.\d+$/.test(release.version) ? `${release.version}.0` : release.version;
}

export function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}

/** The text of a file of the launch; undefined where it has none. */
export function fileOf({ files }: Pick<Launch, 'files'>, path: string): string | undefined {
  return files.find((file) => file.path === path)?.text;
}

/** Where it listens for its clients; null: nowhere. */
export function addressOf(
  { component, flags }: Command,
  launch: Launch,
): { readonly host: string; readonly port: number } | null {
  if (component === 'hollow-node' || component === 'snapshot') return null;
  if (component === 'haproxy') {
    const [, host = '', port = ''] = /^\s*bind (\S+):(\d+)/m.exec(fileOf(launch, 'conf/haproxy.cfg') ?? '') ?? [];
    return { host: bare(host), port: Number(port) };
  }
  if (component === 'etcd') {
    const url = new URL(flags.get('listen-client-urls') ?? 'https://127.0.0.1:2379');
    return { host: bare(url.hostname), port: Number(url.port) };
  }
  return { host: bare(flags.get('bind-address') ?? '127.0.0.1'), port: Number(flags.get('secure-port') ?? 0) };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
