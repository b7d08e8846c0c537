import type { RehearsalPrepared, RehearsalRan } from '../../../control/index.ts';
import { type FaceParts, ok } from '../call.ts';
import { type ApiError, errorBody, fail } from '../errors.ts';
import { frame, heartbeat } from '../event-stream.ts';
import { type Operation, operation } from '../operation.ts';
import { refusal } from '../translate/refusal.ts';
import { rehearsalWire } from '../translate/rehearsal.ts';
import { NewRehearsal, Rehearsal, ref } from '../wire/index.ts';
import { clusterParams } from './clusters.ts';
import { acceptsEvents } from './events.ts';

const heartbeatMs = 15_000;
/** Clients and proxies give up on a silent answer: it has the runs that were made until then. */
const answerAfterMs = 30_000;

const rehearseUpgrade = operation({
  id: 'rehearseUpgrade',
  tag: 'plans',
  method: 'POST',
  path: '/clusters/:clusterId/rehearsals',
  summary: 'Rehearse an upgrade on a simulated twin of a cluster',
  description:
    'The cluster is looked at once, and nothing of it is touched. Its twin is upgraded many times by the same rules, then once ' +
    'with each fault that it can meet. It takes seconds to minutes; with `Accept: text/event-stream` the answer is server-sent ' +
    'events: `run` with how many runs were made, and at last `report`, or `failed` with an error; whoever goes away ends it. ' +
    'Without, the answer is the report of the runs that were made within half a minute.',
  params: clusterParams,
  body: NewRehearsal,
  answers: {
    200: { description: 'The report.', schema: ref(Rehearsal), events: '`run` for each run, then `report` or `failed`.' },
  },
  errors: ['upgrade-unfinished', 'not-ready', 'no-route', 'unreachable', 'refused', 'not-now'],
  run: async (parts, call) => {
    const { caller, params, body } = call;
    const { version, build = null } = body.to;
    const { runs = usualRuns, faults = true, seed = usualSeed } = body;
    const prepared = await parts.rehearsals.prepareRehearsal(caller, params.clusterId, {
      to: { version, build },
      runs,
      faults,
      seed,
    });
    if (prepared.kind !== 'prepared') return refused(prepared, params.clusterId);
    if (acceptsEvents(call)) return { kind: 'events', frames: (gone) => followRuns(parts, prepared, gone) };
    const ran = await runInTime(parts, prepared);
    return ran.kind === 'rehearsed' ? ok(rehearsalWire(prepared.plan, ran.report)) : notRehearsed(ran);
  },
});

const usualRuns = 10;
const usualSeed = 1;

type Prepared = Extract<RehearsalPrepared, { kind: 'prepared' }>;

function refused(ended: Exclude<RehearsalPrepared, Prepared>, clusterId: string): ApiError {
  switch (ended.kind) {
    case 'busy':
      return notNow(ended.says);
    case 'not-offered':
    case 'too-large':
      return fail('refused', ended.says, { details: { because: [ended.says] } });
    default:
      return refusal(ended, { clusterId, planId: null });
  }
}

function notNow(says: string): ApiError {
  return fail('not-now', says, { remedy: 'Try again in a few minutes.' });
}

function notRehearsed(ran: Exclude<RehearsalRan, { kind: 'rehearsed' }>): ApiError {
  return ran.kind === 'busy' ? notNow(ran.says) : fail('internal', ran.because);
}

async function runInTime({ pause, closing }: FaceParts, prepared: Prepared): Promise<RehearsalRan> {
  const [answered, late] = [new AbortController(), new AbortController()];
  void pause(answerAfterMs, answered.signal).then(() => late.abort());
  const signal = AbortSignal.any([closing, late.signal]);
  return prepared.run({ signal, onRun: () => undefined }).finally(() => answered.abort());
}

async function* followRuns({ pause, log }: Pick<FaceParts, 'pause' | 'log'>, prepared: Prepared, gone: AbortSignal) {
  const told: string[] = [];
  let wake = new AbortController();
  let ended = false;
  const running = prepared
    .run({
      signal: gone,
      onRun: (made, of) => {
        told.push(frame('run', { made, of }));
        wake.abort();
      },
    })
    .catch((error: unknown): RehearsalRan => {
      log.warn({ err: error }, 'A rehearsal broke off.');
      return { kind: 'failed', because: 'The rehearsal broke off; the log of the server says why.' };
    })
    .then((ran) => {
      const failed = ran.kind === 'rehearsed' ? null : errorBody(notRehearsed(ran));
      told.push(ran.kind === 'rehearsed' ? frame('report', rehearsalWire(prepared.plan, ran.report)) : frame('failed', failed));
      ended = true;
      wake.abort();
    });
  // Frames come at once, so that the caller sees that it has begun.
  yield heartbeat;
  while (!gone.aborted) {
    for (let next = told.shift(); next !== undefined; next = told.shift()) yield next;
    if (ended) return;
    wake = new AbortController();
    await pause(heartbeatMs, AbortSignal.any([wake.signal, gone]));
    if (told.length === 0) yield heartbeat;
  }
  await running;
}

export const rehearsalOperations: readonly Operation[] = [rehearseUpgrade];
