import { type OperatorReason, reason } from '../../../domain/index.ts';
import type { Situation } from './situation.ts';

const remedies: Readonly<Record<string, string>> = {
  NOSPACE:
    'Make room: compact and defragment each member (or raise its quota), then take the alarm away with `etcdctl alarm disarm`; then lift the cluster again.',
  CORRUPT: 'Find the member whose data differs and replace it from a healthy one; then lift the cluster again.',
};

/** An alarm of etcd keeps writes out: nothing is begun, and nothing that was started can become ready. Null: there is none. */
export function etcdAlarm({ seen }: Pick<Situation, 'seen'>): OperatorReason | null {
  const raised = (seen?.etcd ?? []).flatMap((member) => member.alarms.map((alarm) => ({ alarm, member: member.name })));
  const [first] = raised;
  if (first === undefined) return null;
  return reason(
    'k8s.etcd-has-an-alarm',
    first.member,
    `etcd has raised ${first.alarm}${first.alarm === 'NOSPACE' ? ': it takes no writes any more' : ''}.`,
    remedies[first.alarm] ?? 'Clear the alarm, then lift the cluster again.',
    raised.map(({ alarm, member }) => `${member}: ${alarm}`),
  );
}
