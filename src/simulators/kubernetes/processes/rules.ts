/** The rules that an upgrade must keep, watched by the world itself whoever upgrades. */
import { readyApiservers } from './apiserver.ts';
import { minorOf } from './command.ts';
import { violation } from './faults.ts';
import { isAlive, processesOf, type Room } from './room.ts';

const kubeletsBehind = 3;

/** Looks after each event. */
export function watchRules(room: Room): void {
  const { seen, faults, world } = room;
  const at = `${Math.round(room.now.ms)} ms:`;
  const ready = readyApiservers(room).length;
  if (seen.fewestReady !== null) {
    if (ready < seen.fewestReady) seen.fewestReady = ready;
  } else if (ready > 1) seen.fewestReady = ready;
  if (world.etcd.quorum) seen.hadQuorum = true;
  else if (seen.hadQuorum) {
    // Told once for each time.
    seen.hadQuorum = false;
    violation(faults, `${at} etcd lost its quorum`);
  }
  const apiservers = processesOf(room, 'kube-apiserver').filter(isAlive);
  const minors = apiservers.map(({ version }) => minorOf(version));
  const behave = apiservers.map(({ apiserver, version }) => minorOf(apiserver?.emulated ?? version));
  if (minors.length === 0) return;
  if (Math.max(...minors) - Math.min(...minors) > 1) violation(faults, `${at} apiservers are more than a minor apart`);
  for (const { member, version, command } of [...room.processes.values()].filter(isAlive)) {
    const minor = minorOf(version);
    const isController = command.component === 'kube-controller-manager' || command.component === 'kube-scheduler';
    if (isController && minor > Math.min(...behave))
      violation(faults, `${at} ${member} at ${version} is newer than what an apiserver behaves as`);
    if (command.component !== 'hollow-node') continue;
    if (minor > Math.min(...minors)) violation(faults, `${at} ${member} at ${version} is newer than an apiserver`);
    if (minor < Math.max(...minors) - kubeletsBehind) violation(faults, `${at} ${member} at ${version} is too old`);
  }
}
