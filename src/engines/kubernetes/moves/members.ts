/** Starting, replacing and stopping of the control plane's members. */
import type { ActResult, MakerIo, MemberIdentity } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import {
  type Act,
  type Context,
  done,
  failed,
  hostOf,
  inTurn,
  memberSpec,
  noHost,
  type Perform,
  releaseOfMove,
  theOne,
} from './move.ts';
import { getReady, startOne, type Wanted } from './start.ts';
import { letViewersSee } from './viewers.ts';

/** By then a host has told a process to end. */
const toldToEndMs = 250;

/** Stops exactly the process that the move was decided for and starts the member as told. */
export const replaceMember: Perform = (move, context, io) => {
  const identity = theOne(move);
  const wanted = wantedOf(move, context);
  return inTurn([
    () => getReady(identity.name, wanted, context, io),
    () => stopOne(identity, context, io),
    () => startOne(identity.name, wanted, context, io),
  ]);
};

/** Starts members whose process is gone. */
export const startMember: Perform = (move, context, io) =>
  inTurn(
    move.on.map(
      ({ name }) =>
        () =>
          startPrepared(name, wantedOf(move, context), context, io),
    ),
  );

/** While a cluster is made, a controller manager is the first to be started once an apiserver is ready. */
async function startPrepared(name: string, wanted: Wanted, context: Context, io: MakerIo): Promise<ActResult> {
  const made = context.cluster.provisioning.state === 'creating';
  const first = made && memberSpec(context, name)?.component === 'kube-controller-manager';
  return (first ? await letViewersSee(context, io) : null) ?? startOne(name, wanted, context, io);
}

export const stopSurge: Perform = (move, context, io) => {
  const identity = theOne(move);
  const stopped = stopOne(identity, context, io);
  if (move.parameters.wait !== 'no') return stopped;
  // What it comes to is seen at the next look; whoever asks again waits for the same end.
  const told = io.pause(toldToEndMs).then(() => done(`${identity.name} is told to end.`));
  return Promise.race([stopped, told]);
};

/** Stops the process of that identity. Where none runs there is nothing to stop; where another does, nothing is touched. */
export async function stopOne(identity: MemberIdentity, context: Context, io: MakerIo): Promise<ActResult> {
  const { name, process } = identity;
  const host = hostOf(context, name, io);
  if (host === undefined) return noHost(name);
  const now = await host.describe(context.cluster.id, name);
  if (now.state === 'absent' || now.state === 'stopped') return done(`${name} does not run.`);
  if (now.state === 'unknown') return failed(`${name} is not touched, because it is not known whether it runs: ${now.because}.`);
  if (process === null) return failed(`${name} is not touched: its process is not known.`);
  return host.stop(context.ticket, name, process, limits.stopTimeoutMs);
}

function wantedOf(move: Act, context: Context): Wanted {
  const { version, emulate } = move.parameters;
  // A front door has no release of its own: it runs whatever the machine has.
  const release = version === null || version === undefined ? context.cluster.spec.release : releaseOfMove(move);
  return { release, emulate: emulate ?? null };
}
