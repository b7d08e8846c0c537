import type { EventRow } from '../../test/rig/index.ts';

/** A part of an upgrade that a person would name, with when it began and ended. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

type Told = Pick<EventRow, 'kind' | 'move' | 'members' | 'says' | 'reason'>;

/** The part that an event begins or belongs to; null: whichever is going on. */
export function phaseOf(event: Told): string | null {
  if (event.kind === 'started') return 'made ready: programs, trial starts';
  if (event.kind === 'waiting' && event.reason?.code === 'k8s.soaking') return 'watched, before the emulation is lifted';
  if (event.kind !== 'acting') return null;
  switch (event.move) {
    case 'snapshot-etcd':
      return 'etcd: a snapshot';
    case 'move-etcd-leader':
      return 'etcd, member by member';
    case 'rewrite-storage':
      return 'stored objects written back';
    case 'start-surge':
    case 'replace-member':
      return phaseOfMember(event);
    default:
      return null;
  }
}

function phaseOfMember({ members, says }: Told): string {
  const [member = ''] = members;
  if (member.startsWith('etcd')) return 'etcd, member by member';
  if (!member.startsWith('apiserver')) return 'controller managers and schedulers';
  const { version, emulated } = aimIn(says);
  return emulated === null ? `apiservers: ${version} as itself` : `apiservers: ${version}, behaving as ${emulated}`;
}

/** What a member is started as, from the sentence about it. */
export function aimIn(says: string): { readonly version: string; readonly emulated: string | null } {
  const [, version = '', emulated = null] = / at (\d+\.\d+)(?: \([^)]*\))?(?: behaving as (\d+\.\d+))?/.exec(says) ?? [];
  return { version, emulated };
}

/** One after the other, without a gap. */
export function phasesOf(events: readonly EventRow[]): readonly Phase[] {
  const begun: { name: string; fromMs: number }[] = [];
  for (const event of events) {
    const name = phaseOf(event);
    if (name !== null && name !== begun.at(-1)?.name) begun.push({ name, fromMs: Date.parse(event.at) });
  }
  const endMs = Date.parse(events.at(-1)?.at ?? '');
  return begun.map(({ name, fromMs }, index) => ({ name, fromMs, toMs: begun[index + 1]?.fromMs ?? endMs }));
}
