/** What is done to a Node object, guarded by its uid: a node of the same name that was made since is not touched. */
import type { ActResult, MemberIdentity } from '../../../domain/index.ts';
import { isGone, type KubernetesClient, trouble } from '../client/index.ts';
import { cordonedByAnnotation } from '../names.ts';
import { done, failed, type Perform, theOne } from './move.ts';
import { readyApiserver } from './ready-apiserver.ts';

export const cordon: Perform = async (move, context, io) => {
  const identity = theOne(move);
  const owners = move.parameters.owner === 'true';
  const client = await readyApiserver(context.cluster, io);
  const answer = await patchNode(client, identity, owners ? null : 'clusterlift', true);
  if (answer.kind === 'ok')
    return done(owners ? `${identity.name} is cordoned again, as its owner had it.` : `${identity.name} is cordoned.`);
  if (isGone(answer)) return gone(identity.name);
  return failed(`${identity.name} could not be cordoned: ${trouble(answer)}`);
};

export const uncordon: Perform = async (move, context, io) => {
  const identity = theOne(move);
  const client = await readyApiserver(context.cluster, io);
  const answer = await patchNode(client, identity, null, null);
  if (answer.kind === 'ok') return done(`${identity.name} takes pods again.`);
  if (isGone(answer)) return done(`${identity.name} is not there any more.`);
  return failed(`${identity.name} could not be uncordoned: ${trouble(answer)}`);
};

/** Null takes a value away. */
function patchNode(client: KubernetesClient, { name, nodeId }: MemberIdentity, by: string | null, unschedulable: true | null) {
  return client.patch(nodePath(name), 'merge', {
    metadata: { ...(nodeId === null ? {} : { uid: nodeId }), annotations: { [cordonedByAnnotation]: by } },
    spec: { unschedulable },
  });
}

export async function deleteNode(client: KubernetesClient, { name, nodeId }: MemberIdentity): Promise<ActResult> {
  const deleted = await client.delete(nodePath(name), nodeId === null ? {} : { uid: nodeId });
  if (deleted.kind === 'deleted') return done(`Node ${name} deleted.`);
  // Gone: deleted before, or another one has its name by now.
  return deleted.kind === 'gone' ? done('') : failed(`Node ${name} could not be deleted: ${trouble(deleted)}`);
}

function gone(name: string): ActResult {
  return { kind: 'refused', because: 'identity-changed', says: `${name} is not the node any more that was to be cordoned.` };
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}
