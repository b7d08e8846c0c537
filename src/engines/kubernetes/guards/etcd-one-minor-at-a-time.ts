import { may, mayNot } from '../../../domain/index.ts';
import { minorsAhead } from '../minors.ts';
import { type Guard, othersThan } from './guard.ts';

/** Members of etcd may differ by one minor, and data goes up one minor at a time; 3.6 panics on data of 3.4. */
export const etcdOneMinorAtATime: Guard = {
  id: 'k8s.etcd-one-minor-at-a-time',
  judge: (context) => {
    const { member, aim, how } = context.taking;
    if (member.spec.component !== 'etcd' || how !== 'replace') return may;
    const far = [member, ...othersThan(context)].find(
      (other) => other.etcd !== null && Math.abs(minorsAhead(aim.release.version, other.etcd.version)) > 1,
    );
    if (far?.etcd === undefined || far.etcd === null) return may;
    return mayNot(
      'k8s.etcd-one-minor-at-a-time',
      far.name,
      `${far.name} runs etcd ${far.etcd.version}, more than one minor from ${aim.release.version}.`,
      'Bring etcd up one minor at a time.',
    );
  },
};
