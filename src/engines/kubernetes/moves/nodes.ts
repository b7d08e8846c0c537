/** Starting, replacing and removing nodes. */
import type { ActResult, MakerIo, MemberIdentity, Release } from '../../../domain/index.ts';
import { nodeIdentityRequest } from '../draft/index.ts';
import { nodeFolder, secretOf } from '../launch/index.ts';
import { stopOne } from './members.ts';
import { type Context, done, failed, hostOf, inTurn, noHost, type Perform, releaseOfMove, theOne } from './move.ts';
import { cordon, deleteNode } from './node-object.ts';
import { deleteAll, evictAll, podsToMove } from './pods.ts';
import { readyApiserver } from './ready-apiserver.ts';
import { getReady, startOne } from './start.ts';

/** A node that is removed for good is emptied as its budgets allow for this long; then what is left goes with it. */
const removalDrainMs = 60_000;
const evictEveryMs = 2_000;

export const startNode: Perform = (move, context, io) => start(theOne(move).name, releaseOfMove(move), context, io);

/** The node keeps its name; for the cluster it is another one, which registers itself. */
export const replaceNode: Perform = async (move, context, io) => {
  const identity = theOne(move);
  const release = releaseOfMove(move);
  return inTurn([
    () => getReady(identity.name, { release, emulate: null }, context, io),
    () => stopOne(identity, context, io),
    async () => deleteNode(await readyApiserver(context.cluster, io), identity),
    () => start(identity.name, release, context, io),
  ]);
};

export const removeNode: Perform = async (move, context, io) => {
  const identity = await whatRuns(theOne(move), context, io);
  const client = await readyApiserver(context.cluster, io);
  const drain = async () => {
    const cordoned = await cordon({ ...move, parameters: { owner: null } }, context, io);
    if (cordoned.kind === 'done') return empty(identity.name, context, io);
    // One that is not there has nothing to be emptied of; where nobody can tell, its pods keep their node for now.
    return cordoned.kind === 'refused' ? done('') : cordoned;
  };
  return inTurn([
    ...(move.parameters.drain === 'true' ? [drain] : []),
    () => stopOne(identity, context, io),
    () => deleteNode(client, identity),
    () => erase(identity.name, context, io),
  ]);
};

async function start(name: string, release: Release, context: Context, io: MakerIo): Promise<ActResult> {
  const { cluster } = context;
  const authority = { certificate: secretOf(cluster, 'ca.crt'), key: secretOf(cluster, 'ca.key') };
  const identity = await io.certificates.issue(authority, nodeIdentityRequest(name, io.now()));
  return startOne(name, { release, emulate: null, identity }, context, io);
}

/** A node that no place is described for any more is known to its host only. */
async function whatRuns(identity: MemberIdentity, context: Context, io: MakerIo): Promise<MemberIdentity> {
  if (identity.process !== null || identity.nodeId === null) return identity;
  const now = await hostOf(context, identity.name, io)?.describe(context.cluster.id, identity.name);
  return now?.state === 'running' ? { ...identity, process: now.identity } : identity;
}

async function empty(name: string, context: Context, io: MakerIo): Promise<ActResult> {
  const client = await readyApiserver(context.cluster, io);
  for (let waitedMs = 0; waitedMs < removalDrainMs && !context.signal.aborted; waitedMs += evictEveryMs) {
    const left = await podsToMove(client, name);
    if (left.kind === 'ok' && left.value.length === 0) return done(`${name} is empty.`);
    await evictAll(client, name);
    await io.pause(evictEveryMs, context.signal);
  }
  if (context.signal.aborted) return failed(`Emptying ${name} was cut off.`);
  return deleteAll(client, name);
}

/** Its certificate lies in its folder. */
async function erase(name: string, context: Context, io: MakerIo): Promise<ActResult> {
  const host = hostOf(context, name, io);
  if (host === undefined) return noHost(name);
  const removed = await host.run(context.ticket, name, ['rm', '-rf', nodeFolder(context.cluster, name)], evictEveryMs * 5);
  if (removed.kind !== 'done') return removed;
  const erased = await host.erase(context.ticket, name);
  return erased.kind === 'done' ? done(`${name} removed.`) : erased;
}
