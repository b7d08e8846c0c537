import { Type } from 'typebox';
import type { CallResult } from '../../../control/index.ts';
import { type Answer, accepted, created, ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { closed, orNull, RepositoryList, Snapshot, SnapshotGoesOn } from '../wire/index.ts';
import { clusterParams, withView } from './clusters.ts';

/** Clients and proxies give up on a silent answer; a snapshot that takes longer goes on behind. */
const answerAfterMs = 20_000;

const createSnapshot = operation({
  id: 'createSnapshot',
  tag: 'clusters',
  method: 'POST',
  path: '/clusters/:clusterId/snapshots',
  summary: 'Take a snapshot of a cluster',
  description:
    'Of every index, with the global state. Without `repository` the first one is taken, or one is made where a folder is declared.',
  params: clusterParams,
  body: Type.Object({ repository: Type.Optional(orNull(Type.String({ pattern: '^[^\\s/\\\\]{1,256}$' }))) }, closed),
  bodyOptional: true,
  answers: {
    201: { description: 'The snapshot is complete.', schema: Snapshot },
    202: { description: 'It takes longer and goes on.', schema: SnapshotGoesOn },
  },
  errors: ['not-ready', 'refused'],
  run: async (parts, { caller, params, body }) =>
    withView(parts, caller, params.clusterId, async ({ status }) => {
      if (status === 'creating') return fail('not-ready', 'The cluster is being created.');
      const { clusterId } = params;
      const taking = parts.control.engineCall(caller, clusterId, { do: 'create-snapshot', repository: body.repository ?? null });
      const answered = new AbortController();
      const late = parts.pause(answerAfterMs, answered.signal).then(() => 'late' as const);
      const ended = await Promise.race([taking, late]).finally(() => answered.abort());
      if (ended !== 'late') return snapshotAnswer(ended, clusterId);
      taking.then(
        (end) => end.kind === 'done' || parts.log.warn({ cluster: clusterId, ended: end }, 'A snapshot was refused late.'),
        (error: unknown) => parts.log.warn({ cluster: clusterId, err: error }, 'A snapshot failed late.'),
      );
      return accepted({ says: 'The snapshot goes on; the checks of a plan tell when there is a recent one.' });
    }),
});

function snapshotAnswer(ended: CallResult, clusterId: string): Answer {
  if (ended.kind === 'not-found') return notFound('cluster', clusterId);
  if (ended.kind === 'refused') return refused(ended.because);
  const { repository, snapshot, state } = ended.value as Readonly<Record<string, unknown>>;
  return created({ repository: String(repository), snapshot: String(snapshot), state: String(state) });
}

const listRepositories = operation({
  id: 'listRepositories',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId/repositories',
  summary: 'The snapshot repositories of a cluster',
  params: clusterParams,
  answers: {
    200: { description: 'Their names and types; their settings may hold credentials and stay out.', schema: RepositoryList },
  },
  errors: ['refused'],
  run: async ({ control }, { caller, params }) => {
    const ended = await control.engineCall(caller, params.clusterId, { do: 'list-repositories' });
    if (ended.kind === 'not-found') return notFound('cluster', params.clusterId);
    if (ended.kind === 'refused') return refused(ended.because);
    const repositories = ended.value as readonly { readonly name: string; readonly type: string }[];
    return ok({ repositories: repositories.map(({ name, type }) => ({ name, type })) });
  },
});

function refused(because: string) {
  return fail('refused', because, { details: { because: [because] } });
}

export const snapshotOperations: readonly Operation[] = [createSnapshot, listRepositories];
