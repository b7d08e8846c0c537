import { Type } from 'typebox';
import type { ExportedObservation as Exported } from '../../../domain/index.ts';
import { ok } from '../call.ts';
import { fail } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { refusal } from '../translate/refusal.ts';
import { ExportedObservation, exportedMaxBytes, NewRehearsalOf, Rehearsal, ref } from '../wire/index.ts';
import { clusterParams } from './clusters.ts';
import { answerRehearsal, wishOf } from './rehearsals.ts';

const exportObservation = operation({
  // Not one that `clusterlift:Get*` allows: it tells settings, of which not every secret looks like one.
  id: 'exportObservation',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId/observation/export',
  summary: 'One fresh look as a document that any server can rehearse',
  description:
    'Settings, flags, addresses and sentences are scrubbed of what looks like a secret, and of the secrets of the cluster that ' +
    'are known. What looks like none stays: read it before you hand it on.',
  params: clusterParams,
  query: Type.Object({
    anonymous: Type.Boolean({
      default: false,
      description: 'Names are replaced by others, each by the same everywhere; what may hold one and is not known is left out.',
    }),
  }),
  answers: { 200: { description: 'The document.', schema: ref(ExportedObservation) } },
  errors: ['not-ready', 'unreachable', 'refused'],
  run: async ({ rehearsals }, { caller, params: { clusterId }, query }) => {
    const ended = await rehearsals.exportObservation(caller, clusterId, query.anonymous);
    if (ended.kind === 'exported') return ok(ended.exported);
    if (ended.kind === 'not-offered') return fail('refused', ended.says, { details: { because: [ended.says] } });
    return refusal(ended, { clusterId, planId: null });
  },
});

const rehearseObservation = operation({
  id: 'rehearseObservation',
  tag: 'plans',
  method: 'POST',
  path: '/rehearsals',
  summary: 'Rehearse an upgrade of a cluster that was exported, here or elsewhere',
  description:
    'As `rehearseUpgrade`, on a twin of what the document tells. This server need not know the cluster; its own catalog has the ' +
    `way. At most ${exportedMaxBytes} bytes are read.`,
  body: NewRehearsalOf,
  bodyMaxBytes: exportedMaxBytes,
  answers: {
    200: { description: 'The report.', schema: ref(Rehearsal), events: '`run` for each run, then `report` or `failed`.' },
  },
  errors: ['no-route', 'unreachable', 'refused', 'not-now'],
  run: async (parts, call) => {
    const { observation, ...wish } = call.body;
    const exported: Exported = observation;
    const prepared = await parts.rehearsals.prepareRehearsalOf(call.caller, exported, wishOf(wish));
    return answerRehearsal(parts, call, prepared, null);
  },
});

export const exportedObservationOperations: readonly Operation[] = [exportObservation, rehearseObservation];
