import type { ActResult, MemberProcess, ProcessIdentity } from '../../domain/index.ts';
import { aliveInGroup, identityOf, sameProcess, signal } from './process-table.ts';

const lookEveryMs = 25;
/** After SIGKILL the kernel needs a moment; longer means that it cannot be killed. */
const killTimeoutMs = 15_000;

export type Pause = (milliseconds: number) => Promise<void>;

/** Which process was asked to end before, by whatever server. */
export interface Asked {
  readonly before: ProcessIdentity | null;
  readonly note: (identity: ProcessIdentity) => void;
}

const onlyByUs: Asked = { before: null, note: () => undefined };

/**
 * SIGTERM to the leader, then SIGKILL to what is left of its group (8 and 9 have a launcher and a server in it). Only one
 * SIGTERM: at the second one a program of Kubernetes drops whatever it was still serving.
 */
export async function stopProcess(
  name: string,
  current: MemberProcess,
  identity: ProcessIdentity,
  stopTimeoutMs: number,
  pause: Pause,
  platform: NodeJS.Platform = process.platform,
  asked: Asked = onlyByUs,
): Promise<ActResult> {
  const isAlive = (one: ProcessIdentity) => isStill(one, platform);
  if (current.state === 'running' && !sameProcess(current.identity, identity)) {
    return {
      kind: 'refused',
      because: 'identity-changed',
      says: `${name} runs as another process than the one that was to be stopped.`,
    };
  }
  if (isAlive(identity) && !(asked.before !== null && sameProcess(asked.before, identity))) {
    signal(identity.pid, 'SIGTERM');
    asked.note(identity);
  }
  const gone = await until(() => !isAlive(identity), stopTimeoutMs, pause);
  const alive = () => {
    const leader = identityOf(identity.pid, platform);
    // Another process of that id: then nothing is left of the group, or its number could not have been given away.
    if (leader !== null && !sameProcess(leader, identity)) return [];
    // One that was adopted need not lead a group of its own.
    return [...new Set([...aliveInGroup(identity.pid, platform), ...(leader === null ? [] : [identity.pid])])];
  };
  const left = alive();
  if (gone && left.length === 0) return { kind: 'done', says: `${name} stopped.` };
  for (const pid of left) signal(pid, 'SIGKILL');
  if (!(await until(() => alive().length === 0, killTimeoutMs, pause))) {
    return { kind: 'failed', says: `${name} cannot be stopped: process ${identity.pid} stays.`, lastLines: [] };
  }
  return {
    kind: 'done',
    says: gone ? `${name} stopped.` : `${name} did not stop within ${Math.round(stopTimeoutMs / 1000)} s and was killed.`,
  };
}

function isStill(identity: ProcessIdentity, platform: NodeJS.Platform): boolean {
  const now = identityOf(identity.pid, platform);
  return now !== null && sameProcess(now, identity);
}

/** Counts looks rather than reading a clock: a clock that jumps shortens nothing. */
export async function until(condition: () => boolean, timeoutMs: number, pause: Pause): Promise<boolean> {
  for (let waited = 0; waited <= timeoutMs; waited += lookEveryMs) {
    if (condition()) return true;
    await pause(lookEveryMs);
  }
  return condition();
}
