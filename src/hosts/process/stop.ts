import type { ActResult, MemberProcess, ProcessIdentity } from '../../domain/index.ts';
import { aliveInGroup, identityOf, sameProcess, signal } from './process-table.ts';

const lookEveryMs = 25;
/** After SIGKILL the kernel needs a moment; longer means that it cannot be killed. */
const killTimeoutMs = 15_000;

export type Pause = (milliseconds: number) => Promise<void>;

/** SIGTERM to the leader, then SIGKILL to what is left of its group (8 and 9 have a launcher and a server in it). */
export async function stopProcess(
  name: string,
  current: MemberProcess,
  identity: ProcessIdentity,
  stopTimeoutMs: number,
  pause: Pause,
): Promise<ActResult> {
  if (current.state === 'running' && !sameProcess(current.identity, identity)) {
    return {
      kind: 'refused',
      because: 'identity-changed',
      says: `${name} runs as another process than the one that was to be stopped.`,
    };
  }
  if (isAlive(identity)) signal(identity.pid, 'SIGTERM');
  const gone = await until(() => !isAlive(identity), stopTimeoutMs, pause);
  // One that was adopted need not lead a group of its own.
  const alive = () => [...new Set([...aliveInGroup(identity.pid), ...(isAlive(identity) ? [identity.pid] : [])])];
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

function isAlive(identity: ProcessIdentity): boolean {
  const now = identityOf(identity.pid);
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
