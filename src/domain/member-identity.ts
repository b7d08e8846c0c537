/** Which process a member is, so that nothing is done to another one that has its name by then. */
import type { MemberProcess } from './host.ts';
import type { MemberIdentity } from './ledger.ts';
import type { SeenMember } from './observation.ts';

export function identityOfMember({ name, joined, process }: SeenMember): MemberIdentity {
  return {
    name,
    nodeId: joined?.nodeId ?? null,
    ephemeralId: joined?.ephemeralId ?? null,
    process: process.state === 'running' ? process.identity : null,
  };
}

/** True while the process that was there when the member was taken is still the one that runs. */
export function isStillTheProcess(process: MemberProcess, taken: MemberIdentity): boolean {
  return (
    process.state === 'running' &&
    taken.process !== null &&
    process.identity.pid === taken.process.pid &&
    process.identity.startTime === taken.process.startTime
  );
}
