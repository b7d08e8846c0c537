import type { ApiserverProcess, Moment, TokenKeys, World } from './model.ts';
import { makeObject } from './objects.ts';
import { servedBy } from './resources.ts';
import { read } from './store.ts';

export interface ApiserverStart {
  readonly name: string;
  /** `1.36.1`. */
  readonly version: string;
  /** `1.35`; absent: what it is. */
  readonly emulated?: string;
  readonly startedMs: number;
  readonly betas?: boolean;
  readonly keys?: TokenKeys | null;
}

/** Started and not ready yet: its owner says when it is (`ready`), and when it goes (`shutDown`). */
export function createApiserver({
  name,
  version,
  emulated,
  startedMs,
  betas = false,
  keys = null,
}: ApiserverStart): ApiserverProcess {
  return {
    name,
    version,
    emulated: emulated ?? version.split('.').slice(0, 2).join('.'),
    startedMs,
    ready: false,
    shuttingDown: false,
    keys,
    betas,
    remembersFrom: 0,
    deprecated: new Set(),
    watches: new Set(),
  };
}

/** It was asked to end: not ready from now on, and serving until `endWatches` and the end of its process. */
export function shutDown(apiserver: ApiserverProcess): void {
  apiserver.ready = false;
  apiserver.shuttingDown = true;
}

/** Ends every watch that is open at it. */
export function endWatches(apiserver: ApiserverProcess): void {
  for (const watch of [...apiserver.watches]) watch.end();
}

/** Whether `/readyz` says so: of itself, and of the etcd behind it. */
export function isReady(world: World, apiserver: ApiserverProcess): boolean {
  return apiserver.ready && !apiserver.shuttingDown && world.etcd.quorum;
}

/** It serves, and says so: its APIs are registered and its lease is there. */
export function becomeReady(world: World, apiserver: ApiserverProcess, moment: Moment): void {
  apiserver.ready = true;
  apiserver.remembersFrom = world.revision;
  if (!world.etcd.quorum || world.etcd.noSpace) return;
  const versions = servedBy(world, apiserver)
    .filter(({ measured }) => measured !== true)
    .flatMap(({ group, versions: all, custom }) => all.map(({ version }) => ({ group, version, custom: custom === true })));
  for (const { group, version, custom } of versions) {
    const name = `${version}.${group}`;
    if (read(world, 'apiregistration.k8s.io/apiservices', '', name) !== undefined) continue;
    const labels = { 'kube-aggregator.kubernetes.io/automanaged': custom ? 'true' : 'onstart' };
    const spec = {
      ...(group === '' ? {} : { group }),
      version,
      groupPriorityMinimum: group === '' ? 18_000 : 17_000,
      versionPriority: 15,
    };
    const object = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name, labels }, spec };
    makeObject(world, 'apiregistration.k8s.io/apiservices', object, moment);
  }
}
