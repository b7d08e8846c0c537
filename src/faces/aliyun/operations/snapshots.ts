import { type Answer, type Operation, reply } from '../call.ts';
import { fail } from '../errors.ts';
import { viewOf } from './instances.ts';
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
    if (view.status === 'creating') return fail('InstanceActivating');
    const taking = parts.control.engineCall(call.caller, instanceId, { do: 'create-snapshot', repository: null });
    const ended = await Promise.race([taking, parts.pause(answerAfterMs).then(() => null)]);
    if (ended === null) {
      taking.then(
        (late) =>
          late.kind !== 'done' && parts.log.warn({ instance: instanceId, ended: late.kind }, 'A snapshot was refused late.'),
        (error: unknown) => parts.log.warn({ instance: instanceId, err: error }, 'A snapshot failed late.'),
      );
      return reply(true);
    }
    return snapshotAnswer(ended);
  });
};

function snapshotAnswer(ended: { readonly kind: string; readonly because?: string }): Answer {
  if (ended.kind === 'done') return reply(true);
  return ended.kind === 'not-found' ? fail('InstanceNotFound') : fail('SnapshotRefused', ended.because);
}

export const listSnapshotRepos: Operation = async (parts, call) => {
  const instanceId = call.path.InstanceId ?? '';
  const ended = await parts.control.engineCall(call.caller, instanceId, { do: 'list-repositories' });
  if (ended.kind === 'not-found') return fail('InstanceNotFound');
  if (ended.kind === 'refused') return fail('ServiceUnavailable', ended.because);
  const repositories = ended.value as readonly { readonly name: string; readonly type: string }[];
  return reply(
    repositories.map(({ name, type }) => ({ instanceId, snapWarehouse: name, repoPath: `${type}/${name}`, status: 'available' })),
  );
};
