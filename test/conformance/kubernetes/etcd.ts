/** etcd, at its client port. */
import { array, object, pick } from '../answers.ts';
import type { Situation } from './course.ts';
import type { Subject } from './subject.ts';

const of = 'etcd-1';
const call = (subject: Subject, path: string, body: unknown = {}) => subject.ask(`/v3/${path}`, { method: 'POST', of, body });

async function status(subject: Subject): Promise<Readonly<Record<string, unknown>>> {
  return object((await call(subject, 'maintenance/status')).body);
}

export const etcdSituations: readonly Situation[] = [
  {
    name: 'etcd: health, versions, figures',
    tell: async (subject) => {
      const { body } = await subject.ask('/metrics', { of });
      const names = [
        'etcd_server_id',
        'etcd_server_is_leader',
        'etcd_mvcc_db_total_size_in_bytes',
        'etcd_server_quota_backend_bytes',
        'etcd_server_proposals_committed_total',
      ];
      return {
        health: await subject.ask('/health', { of }),
        agrees: await subject.ask('/health?exclude=NOSPACE&exclude=CORRUPT', { of }),
        version: pick((await subject.ask('/version', { of })).body, ['etcdserver', 'etcdcluster']),
        figures: names.filter((name) => new RegExp(`^${name}[ {]`, 'm').test(String(body))),
        leads: /^etcd_server_is_leader 1$/m.test(String(body)),
        unknown: await subject.ask('/nothing', { of }),
      };
    },
  },
  {
    name: 'etcd: its members and who leads',
    tell: async (subject) => {
      const { header, version, leader, dbSize, raftIndex } = await status(subject);
      const members = await call(subject, 'cluster/member/list', { linearizable: false });
      const shown = array(object(members.body).members).map((member) => ({
        ...pick(member, ['name']),
        id: typeof object(member).ID,
      }));
      return {
        version,
        leads: leader === object(header).member_id,
        kinds: [typeof leader, typeof dbSize, typeof raftIndex],
        members: shown,
        'to nobody': await call(subject, 'maintenance/transfer-leadership', { targetID: '1' }),
        'to itself': (await call(subject, 'maintenance/transfer-leadership', { targetID: leader })).status,
        'what nobody knows': await call(subject, 'nothing'),
      };
    },
  },
  {
    name: 'etcd: a history that was compacted',
    tell: async (subject) => {
      const { header } = await status(subject);
      const compaction = await call(subject, 'kv/compaction', { revision: object(header).revision, physical: true });
      // An apiserver that has run since before remembers by itself.
      const exact = '/api/v1/namespaces/default/configmaps?resourceVersion=1&resourceVersionMatch=Exact';
      return { compaction: compaction.status, 'as it was long ago': await subject.told(exact, { of: 'apiserver-2' }) };
    },
  },
  {
    name: 'etcd: no room',
    tell: async (subject) => {
      const memberID = object((await status(subject)).header).member_id;
      const alarm = (action: string) => call(subject, 'maintenance/alarm', { action, memberID, alarm: 'NOSPACE' });
      const raised = await alarm('ACTIVATE');
      const told = array(object(raised.body).alarms).map((one) => object(one).alarm);
      const health = await subject.ask('/health', { of });
      const agrees = await subject.ask('/health?exclude=NOSPACE&exclude=CORRUPT', { of });
      const written = await subject.told('/api/v1/namespaces', {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'no-room' } },
      });
      const read = (await subject.ask('/api/v1/nodes')).status;
      const ready = await subject.told('/readyz');
      const lowered = await alarm('DEACTIVATE');
      const after = await subject.until('it is well', async () => {
        const answer = await subject.ask('/health', { of });
        return answer.status === 200 ? answer : undefined;
      });
      return { raised: { status: raised.status, told }, health, agrees, written, read, ready, lowered: lowered.status, after };
    },
  },
];
