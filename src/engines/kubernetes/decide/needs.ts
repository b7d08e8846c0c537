import { reason, type WaitReason } from '../../../domain/index.ts';
import { type MemberStanding, ofComponent, type Situation } from './situation.ts';

/**
 * What must serve before a member is started: it would only end again, an apiserver after twenty seconds without etcd, a
 * controller at once without an apiserver. Null: nothing is missing.
 */
export function needsFirst(situation: Situation, member: MemberStanding): WaitReason | null {
  switch (member.spec.component) {
    case 'etcd':
    case 'front-door':
      return null;
    case 'kube-apiserver':
      return etcdServes(situation) ? null : etcdMissing(situation);
    default:
      return apiserverServes(situation) ? null : apiserverMissing(situation);
  }
}

/** A majority of the members is healthy; where the cluster does not answer, runs. Etcd of somebody else is taken to serve. */
function etcdServes(situation: Situation): boolean {
  const members = ofComponent(situation, 'etcd');
  const serving = members.filter((member) =>
    situation.seen === null ? member.seenMember.process.state === 'running' : member.ready,
  );
  return members.length === 0 || serving.length * 2 > members.length;
}

function apiserverServes({ members }: Situation): boolean {
  return members.some((member) => member.spec.component === 'kube-apiserver' && member.ready);
}

function etcdMissing(situation: Situation): WaitReason {
  const away = ofComponent(situation, 'etcd').filter((member) => !member.ready);
  const names = away.map((member) => member.name).join(', ');
  return reason('k8s.etcd-without-quorum', names, `etcd has no majority: ${names} is not healthy.`, `${names} healthy again.`);
}

function apiserverMissing(situation: Situation): WaitReason {
  const names = ofComponent(situation, 'kube-apiserver').map((member) => member.name);
  return reason('k8s.no-apiserver-ready', names.join(', '), 'No apiserver is ready.', `One of ${names.join(', ')} ready.`);
}
