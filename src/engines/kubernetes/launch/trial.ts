/**
 * Trials run a component in a scratch world of its own: an etcd, and for what needs one an apiserver, on free ports of
 * loopback. Nothing in it knows the address of anything real.
 */
import type { LaunchPurpose } from '../../../domain/index.ts';
import { etcdReleaseOf } from '../catalog.ts';
import type { Parts, Place } from './place.ts';
import { pathWith } from './program.ts';

export type Trial = Extract<LaunchPurpose, { kind: 'trial' }>;

/** The component's own, etcd's two, and the scratch apiserver's. */
export const trialPorts = 4;

/** A program of the scratch world; what it says goes to a log beside the component's own, which is what a person is shown. */
export interface ScratchProgram {
  readonly name: string;
  readonly flags: readonly string[];
}

export function scratchEtcd({ ports }: Trial): ScratchProgram {
  const [, client, peer] = ports;
  return {
    name: 'etcd',
    flags: [
      '--name=scratch',
      '--data-dir=${data}/etcd',
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=scratch=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
    ],
  };
}

export function scratchEtcdUrl({ ports }: Trial): string {
  return `--etcd-servers=http://127.0.0.1:${ports[1]}`;
}

/**
 * Starts the scratch programs, waits for what the component needs, runs the component and ends with its exit code. Where
 * the scratch world itself does not come up the script stays: that is no answer of the component, and the trial's own limit
 * ends it.
 */
export function trialScript(
  { catalog, release }: Place,
  name: string,
  flags: readonly string[],
  beside: readonly ScratchProgram[],
  waitFor: string | null = null,
): Pick<Parts, 'command' | 'tools'> {
  const etcd = etcdReleaseOf(catalog, release);
  const artefacts = catalog.etcd.find(({ version }) => version === etcd.version)?.artefacts ?? [];
  const script = [
    `${pathWith('${home}', '${tool:etcd}')}; scratch=`,
    ...beside.map(
      (one) =>
        `${[one.name, ...one.flags].map(quote).join(' ')} > "\${logs}/scratch-${one.name}.log" 2>&1 & scratch="$scratch $!"`,
    ),
    ...(waitFor === null ? [] : [`until ${waitFor} > /dev/null 2>&1; do sleep 0.5; done`]),
    `${name} "$@"; code=$?; kill $scratch; exit $code`,
  ].join('\n');
  return { command: ['/bin/sh', '-c', script, name, ...flags], tools: [{ name: 'etcd', release: etcd, artefacts }] };
}

function quote(word: string): string {
  return `"${word}"`;
}
