import type { Static } from 'typebox';
import type { RehearsalPrepared, RehearsalRan, RehearsalWish } from '../../../control/index.ts';
import type { RehearsalReport } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, ok } from '../call.ts';
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
    const prepared = await parts.rehearsals.prepareRehearsal(caller, params.clusterId, wishOf(body));
    return answerRehearsal(parts, call, prepared, params.clusterId);
  },
});

const usualRuns = 10;
const usualSeed = 1;

export function wishOf({
  to,
  nodegroup,
  runs = usualRuns,
  faults = true,
  seed = usualSeed,
}: Static<typeof NewRehearsal>): RehearsalWish {
  const { version, build = null } = to;
  return { to: { version, build }, runs, faults, seed, ...(nodegroup === undefined ? {} : { nodegroup }) };
}

type Prepared = Extract<RehearsalPrepared, { kind: 'prepared' }>;

/** `clusterId`: null where the cluster is known from a file alone. */
export async function answerRehearsal(
  parts: FaceParts,
  call: Call,
  prepared: RehearsalPrepared,
  clusterId: string | null,
): Promise<Answer> {
  if (prepared.kind !== 'prepared') return refused(prepared, clusterId ?? 'of the file');
  const tell = (report: RehearsalReport) => rehearsalWire(prepared.plan, report, clusterId);
  if (acceptsEvents(call)) return { kind: 'events', frames: (gone) => followRuns(parts, prepared, tell, gone) };
  const ran = await runInTime(parts, prepared);
  return ran.kind === 'rehearsed' ? ok(tell(ran.report)) : notRehearsed(ran);
}

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

async function* followRuns(
  { pause, log }: Pick<FaceParts, 'pause' | 'log'>,
  prepared: Prepared,
  tell: (report: RehearsalReport) => unknown,
  gone: AbortSignal,
) {
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
      told.push(ran.kind === 'rehearsed' ? frame('report', tell(ran.report)) : frame('failed', failed));
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
