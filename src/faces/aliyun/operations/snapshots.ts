import { type Answer, type Operation, reply } from '../call.ts';
import { fail } from '../errors.ts';
import { instanceStatus } from '../translate/status.ts';
import { inTime } from './in-time.ts';
import { viewOf } from './instances.ts';
import { ask } from './looking.ts';
import { clientTokenOf, isError } from './parameters.ts';
import { onceOnly } from './replay.ts';

/** The official SDKs give up after 3 s; a snapshot that takes longer goes on behind the answer. */
const answerAfterMs = 2_000;

/** A real snapshot. What is refused within the first two seconds is an error; later it shows in the dry run only. */
export const createSnapshot: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const instanceId = call.path.InstanceId ?? '';
  return onceOnly(parts, call, { operation: 'CreateSnapshot', instanceId, token, parameters: {} }, async () => {
    const view = await viewOf(parts, call);
    if (isError(view)) return view;
    if (instanceStatus(view) === 'activating') return fail('InstanceActivating');
    const taking = parts.control.engineCall(call.caller, instanceId, { do: 'create-snapshot', repository: null });
    const ended = await inTime(parts, taking, answerAfterMs, 'A snapshot');
    if (ended !== 'late') return snapshotAnswer(ended);
    taking.then(
      (late) =>
        late.kind !== 'done' && parts.log.warn({ instance: instanceId, ended: late.kind }, 'A snapshot was refused late.'),
      () => undefined,
    );
    return reply(true);
  });
};

function snapshotAnswer(ended: { readonly kind: string; readonly because?: string }): Answer {
  if (ended.kind === 'done') return reply(true);
  return ended.kind === 'not-found' ? fail('InstanceNotFound') : fail('SnapshotRefused', ended.because);
}

export const listSnapshotRepos: Operation = async (parts, call) => {
  const instanceId = call.path.InstanceId ?? '';
  const ended = await ask(parts, call, { do: 'list-repositories' });
  if (isError(ended)) return ended;
  const repositories = ended.result as readonly { readonly name: string; readonly type: string }[];
  return reply(
    repositories.map(({ name, type }) => ({ instanceId, snapWarehouse: name, repoPath: `${type}/${name}`, status: 'available' })),
  );
};
