/** A server with clusters and keys to throw requests at, and what they ask for. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { actionOf } from '../../src/faces/native/permission.ts';
import { operations } from '../../src/faces/native/routes.ts';
import { Lab, type LabCluster } from '../faults/lab.ts';
import { eventually } from '../rig/index.ts';
import type { Known } from './good-values.ts';
import { recordClusters } from './recorded-clusters.ts';
import type { Key } from './sign.ts';
import { region } from './suites.ts';

const run = promisify(execFile);

export interface FuzzWorld {
  readonly lab: Lab;
  readonly port: number;
  readonly host: string;
  readonly keys: readonly Key[];
  readonly known: Known;
  /** It is asked for like the others, and nobody may change it. */
  readonly kept: LabCluster;
  /** Removes what requests have made, once there is much of it: a server that carries more takes more memory by right. */
  tidy(): Promise<void>;
  /** Memory of the server's process, in MiB. */
  residentMiB(): Promise<number>;
  close(): Promise<void>;
}

/** Each may send so many requests a second to the face that throttles. */
const keysCount = 40;
const recordedNames = ['recorded-1', 'recorded-2', 'recorded-3'];
/** Of the server's first key. */
const account = '100000000000';

export async function openFuzzWorld(purpose: string): Promise<FuzzWorld> {
  const lab = await Lab.open(purpose, true);
  try {
    const kept = await lab.addCluster('kept', {}, false);
    const others = [await lab.addCluster('open-1', {}, false), await lab.addCluster('open-2', {}, false)];
    const recorded = await recordClusters(lab.stateFolder, { names: recordedNames, account, region });
    const mine = new Set([...[kept, ...others].map(({ id }) => id), ...recorded]);
    const upgradeId = await lab.lift(others[0] ?? kept);
    await lab.ended(upgradeId);
    const { id: planId } = await lab.native.plan(kept.id, '5.6.16');
    const keys = await Promise.all(Array.from({ length: keysCount }, () => newKey(lab, kept)));
    const known: Known = {
      instanceIds: [kept.id, kept.id, ...others.map(({ id }) => id)],
      clusterNames: recordedNames,
      upgradeIds: [upgradeId],
      planIds: [planId],
      updateIds: [upgradeId],
      arns: [...recordedNames, 'fuzz-0'].map((name) => `arn:aws:eks:${region}:${account}:cluster/${name}`),
    };
    const { port } = lab.server;
    return {
      lab,
      port,
      host: `127.0.0.1:${port}`,
      keys,
      known,
      kept,
      tidy: () => tidy(lab, mine),
      residentMiB: () => residentMiB(lab),
      close: () => lab.close(),
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** Clusters that requests may have made before they are removed. */
const madeMax = 12;

/** May do everything but change what is kept. */
async function newKey(lab: Lab, kept: LabCluster): Promise<Key> {
  const ours = operations.filter(({ method }) => method !== 'GET').map(actionOf);
  const theirs = ['Delete*', 'Upgrade*', 'Create*', 'Continue*', 'Interrupt*', 'Resume*'].map(
    (action) => `elasticsearch:${action}`,
  );
  const { key } = await lab.native.ask<{ key: { id: string; secret: string } }>('POST', '/keys', {
    description: 'throws requests',
    policy: {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: [...ours, ...theirs], Resource: [`cluster/${kept.name}`, `instances/${kept.id}`] },
        { Effect: 'Deny', Action: ['eks:DeleteCluster', 'eks:DeregisterCluster'], Resource: 'cluster/recorded-*' },
        { Effect: 'Deny', Action: 'clusterlift:RemoveCluster', Resource: 'cluster/recorded-*' },
      ],
    },
  });
  return key;
}

async function tidy({ native }: Lab, mine: ReadonlySet<string>): Promise<void> {
  const made = (await native.clusterIds()).filter((id) => !mine.has(id));
  if (made.length <= madeMax) return;
  // What is being upgraded or removed stays for the next time.
  for (const id of made) await native.ask('DELETE', `/clusters/${id}`).catch(() => undefined);
}

async function residentMiB(lab: Lab): Promise<number> {
  // Small machines have no ps.
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${lab.server.pid()}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(lab.server.pid())]);
  return Number(stdout.trim()) / 1024;
}

/** The kept cluster goes to the next version, as if nothing had been. */
export async function liftsStill({ lab, kept }: FuzzWorld): Promise<void> {
  const id = await lab.lift(kept);
  await eventually('the kept cluster is lifted', 120_000, async () =>
    (await lab.native.upgrade(id)).status === 'done' ? true : undefined,
  );
}
