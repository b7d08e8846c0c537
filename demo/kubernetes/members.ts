import { request } from 'node:https';
import { type ClusterRow, type EventRow, launchesOf } from '../../test/rig/index.ts';
import type { Row } from '../follow.ts';
import { aimIn } from './phases.ts';

const answerTimeoutMs = 2_000;
const surgeName = 'apiserver-surge';

interface Version {
  readonly gitVersion?: string;
  readonly emulationMajor?: string;
  readonly emulationMinor?: string;
}

/** Looks at a control plane past Clusterlift: at its apiservers themselves, and at what was last started of the others. */
export class Members {
  readonly #cluster: ClusterRow;
  readonly #folder: string;
  /** The apiserver beside the others has no address that is told: what it runs stands in the events. */
  #surge: string | null = null;

  constructor(cluster: ClusterRow, folder: string) {
    this.#cluster = cluster;
    this.#folder = folder;
  }

  /** In the order in which they are drawn; one that does not run is left out. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    const found = await Promise.all(
      this.#cluster.nodes.map(async ({ name, url }) => {
        if (name.startsWith('apiserver')) return [name, await apiserverVersion(url)] as const;
        return [name, launchesOf(this.#folder, this.#cluster.id, name).at(-1) ?? null] as const;
      }),
    );
    const all = [...found, [surgeName, this.#surge] as const];
    return Object.fromEntries(all.flatMap(([name, version]) => (version === null ? [] : [[name, version] as const])));
  }

  note({ kind, move, says }: Pick<EventRow, 'kind' | 'move' | 'says'>): void {
    if (kind === 'acting' && move === 'start-surge') this.#surge = shortAim(says);
    if (kind === 'acted' && move === 'stop-surge') this.#surge = null;
  }

  rows(nodegroup: string): readonly Row[] {
    const names = this.#cluster.nodes.map(({ name }) => name);
    const those = (...starts: readonly string[]) => names.filter((name) => starts.some((start) => name.startsWith(start)));
    return [
      { label: 'etcd', members: those('etcd') },
      { label: 'apiservers', members: [...those('apiserver'), surgeName] },
      { label: 'controller managers', members: those('controller-manager') },
      { label: 'schedulers', members: those('scheduler') },
      { label: 'nodes', members: those(`${nodegroup}-`).filter((name) => !name.endsWith('-surge')) },
    ].filter(({ members }) => members.length > 0);
  }
}

function shortAim(says: string): string {
  const { version, emulated } = aimIn(says);
  return emulated === null ? version : `${version} as ${emulated}`;
}

/** `1.37.2`, or `1.37.2 as 1.36` of one that emulates; null of one that does not answer. */
export function showVersion({ gitVersion = '', emulationMajor, emulationMinor }: Version): string | null {
  const version = /^v(\d+\.\d+\.\d+)/.exec(gitVersion)?.[1];
  if (version === undefined) return null;
  const emulated = emulationMinor === undefined ? null : `${emulationMajor}.${emulationMinor}`;
  return emulated === null || version.startsWith(`${emulated}.`) ? version : `${version} as ${emulated}`;
}

/** Whoever asks may know it: no certificate is shown, and none is judged. */
function apiserverVersion(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request(`${url}/version`, { rejectUnauthorized: false, timeout: answerTimeoutMs, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', () => resolve(null));
      answer.on('end', () => {
        try {
          resolve(showVersion(JSON.parse(Buffer.concat(pieces).toString()) as Version));
        } catch {
          resolve(null);
        }
      });
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(null));
    asked.end();
  });
}
