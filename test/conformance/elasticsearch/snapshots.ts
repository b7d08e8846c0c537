/** Situations around snapshots. */
import { array, object, pick, refusal, type Told } from '../answers.ts';
import type { Situation } from './situation.ts';
import type { Subject } from './subject.ts';

const folder = (subject: Subject, more: Readonly<Record<string, string>> = {}) => ({
  type: 'fs',
  settings: { location: subject.repositoryPath, ...more },
});

/** A snapshot as the engine reads it. */
function snapshots({ status, body }: Told): unknown {
  const shown = array(object(body).snapshots).map((snapshot) => ({
    ...pick(snapshot, ['snapshot', 'state', 'include_global_state', 'indices', 'failures']),
    ended: ended(object(snapshot).end_time_in_millis),
  }));
  return { status, snapshots: shown };
}

/** A moment is told by its kind; what stands for none is told as it is. */
function ended(moment: unknown): unknown {
  return typeof moment === 'number' && moment > 1 ? 'a moment' : (moment ?? 'nothing');
}

const names = ['snapshot', 'repository', 'state'];

export const snapshotSituations: readonly Situation[] = [
  {
    name: 'snapshot repositories',
    tell: async (subject) => {
      const none = await subject.get('/_snapshot');
      const elsewhere = await subject.ask('PUT', '/_snapshot/elsewhere', { type: 'fs', settings: { location: '/elsewhere' } });
      const made = await subject.ask('PUT', '/_snapshot/daily', folder(subject));
      const { status, body } = await subject.get('/_snapshot');
      const listed = Object.entries(object(body)).map(([name, repository]) => [name, pick(repository, ['type', 'settings'])]);
      const { error } = object(elsewhere.body);
      return {
        none,
        elsewhere: {
          status: elsewhere.status,
          ...pick(error, ['type', 'reason']),
          root: refusal({ status: elsewhere.status, body: { error: array(object(error).root_cause)[0] } }),
        },
        made,
        listed: { status, listed },
      };
    },
  },
  {
    name: 'a snapshot that succeeds',
    tell: async (subject) => {
      await subject.must('PUT', '/kept', { settings: { number_of_shards: 1, number_of_replicas: 0 } });
      const path = '/_snapshot/daily/one?wait_for_completion=true';
      const made = await subject.ask('PUT', path, { include_global_state: true });
      const one = snapshots({ status: made.status, body: { snapshots: [object(made.body).snapshot] } });
      return {
        made: one,
        status: await subject.get('/_snapshot/_status'),
        all: snapshots(await subject.get('/_snapshot/daily/_all')),
        again: refusal(await subject.ask('PUT', path, {})),
      };
    },
  },
  {
    name: 'snapshots asked for in an order',
    tell: async (subject) => {
      const told = await subject.get('/_snapshot/daily/_all?sort=start_time&order=desc&size=20');
      return told.status < 300 ? snapshots(told) : refusal(told);
    },
  },
  {
    name: 'snapshots that are not there',
    tell: async (subject) => ({
      'no such repository': refusal(await subject.get('/_snapshot/nothing/_all')),
      'no such snapshot': refusal(await subject.get('/_snapshot/daily/nothing')),
      'into no such repository': refusal(await subject.ask('PUT', '/_snapshot/nothing/one', {})),
    }),
  },
  {
    name: 'a snapshot in progress',
    tell: async (subject) => {
      const slow = folder(subject, { max_snapshot_bytes_per_sec: '40b', location: `${subject.repositoryPath}/slow` });
      await subject.must('PUT', '/_snapshot/slow', slow);
      const begun = await subject.ask('PUT', '/_snapshot/slow/long', {});
      const running = await subject.until('it runs', '/_snapshot/_status', (body) => array(body.snapshots).length > 0);
      const listed = snapshots(await subject.get('/_snapshot/slow/_all'));
      const second = await subject.ask('PUT', '/_snapshot/daily/two', {});
      const deleted = await subject.ask('DELETE', '/_snapshot/slow/long');
      await subject.until('none runs', '/_snapshot/_status', (body) => array(body.snapshots).length === 0);
      await subject.must('DELETE', '/kept');
      return {
        begun,
        running: array(object(running.body).snapshots).map((snapshot) => pick(snapshot, names)),
        listed,
        second: second.status < 300 ? second : refusal(second),
        deleted,
      };
    },
  },
];
