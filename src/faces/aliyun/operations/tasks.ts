/** Pausing, resuming and continuing what runs on an instance. */
import type { OwnersWish } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, queryValue, reply } from '../call.ts';
import { fail } from '../errors.ts';
import { viewOf } from './instances.ts';
import { clientTokenOf, isError } from './parameters.ts';
import { onceOnly } from './replay.ts';

/** Pauses: the member in hand is finished, the cluster settles, the rest waits. Nothing is rolled back. */
export const interruptTask: Operation = (parts, call) => wish(parts, call, 'InterruptElasticsearchTask', 'pause');

export const resumeTask: Operation = (parts, call) => wish(parts, call, 'ResumeElasticsearchTask', 'resume');

/** Past the gate. The change is named by `X-Request-ChangeId`, as ListActionRecords shows it. */
export const continueEsVersionUpgrade: Operation = async (parts, call) => {
  const view = await viewOf(parts, call);
  if (isError(view)) return view;
  const changeId = queryValue(call, 'X-Request-ChangeId') ?? call.headers['x-request-changeid'] ?? '';
  if (changeId === '') return fail('MissingParameter', 'X-Request-ChangeId is mandatory; ListActionRecords shows it.');
  if (view.upgrade === null || view.upgrade.id.toLowerCase() !== changeId.toLowerCase())
    return fail('InvalidParameter', 'X-Request-ChangeId does not name the change that is in progress.');
  return wished(parts, call, view.upgrade.id, 'continue');
};

async function wish(parts: FaceParts, call: Call, operation: string, wanted: OwnersWish): Promise<Answer> {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const instanceId = call.path.InstanceId ?? '';
  return onceOnly(parts, call, { operation, instanceId, token, parameters: {} }, async () => {
    const view = await viewOf(parts, call);
    if (isError(view)) return view;
    if (view.upgrade === null) return fail('InstanceStatusNotSupportCurrentAction', 'No change of it is in progress.');
    return wished(parts, call, view.upgrade.id, wanted);
  });
}

async function wished(parts: FaceParts, call: Call, upgradeId: string, wanted: OwnersWish): Promise<Answer> {
  const end = await parts.control.wish(call.caller, upgradeId, wanted);
  switch (end.kind) {
    case 'accepted':
      return reply(true);
    case 'already':
      return wanted === 'pause' ? fail('AlreadyReceivedInterruptSignal') : reply(true);
    case 'not-now':
      return fail('InstanceStatusNotSupportCurrentAction', end.says);
    case 'not-found':
      return fail('InstanceNotFound');
  }
}
