import type { ApiserverProcess, World } from './model.ts';

export interface ApiserverStart {
  readonly name: string;
  /** `1.36.1`. */
  readonly version: string;
  /** `1.35`; absent: what it is. */
  readonly emulated?: string;
  readonly startedMs: number;
  readonly betas?: boolean;
}

/** Started and not ready yet: its owner says when it is (`ready`), and when it goes (`shutDown`). */
export function createApiserver({ name, version, emulated, startedMs, betas = false }: ApiserverStart): ApiserverProcess {
  return {
    name,
    version,
    emulated: emulated ?? version.split('.').slice(0, 2).join('.'),
    startedMs,
    ready: false,
    shuttingDown: false,
    betas,
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
