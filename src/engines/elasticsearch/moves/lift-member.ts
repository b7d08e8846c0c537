import type { ActContext, ActResult, EngineIo, MemberIdentity, Release, SeenElasticsearch } from '../../../domain/index.ts';
import { launch } from '../launch/index.ts';
import { limits } from '../limits.ts';
import { handOverPrimaries } from './hand-over-primaries.ts';
import { done, failed, type Perform, releaseOfMove } from './move.ts';

/**
 * Hands the primaries of the wave over, stops each of its members, guarded by the process it was decided for, and starts it at the
 * new release; all side by side.
 */
export const liftMember: Perform = async (move, context, io) => {
  const release = releaseOfMove(move);
  const handed = await handOverPrimaries(move, context, io);
  if (handed.kind === 'refused') return handed;
  const lifted = await together(move.on, (identity) => liftOne(identity, release, context, io));
  return { ...lifted, says: [handed.says, lifted.says].filter((says) => says !== '').join(' ') };
};

/** Starts members whose process is gone. One that runs already is left as it is. */
export const startMember: Perform = (move, context, io) => {
  const release = releaseOfMove(move);
  return together(move.on, (identity) => startOne(identity.name, release, context, io));
};

async function liftOne(
  identity: MemberIdentity,
  release: Release,
  context: ActContext<SeenElasticsearch>,
  io: EngineIo,
): Promise<ActResult> {
  const host = hostOf(identity.name, context, io);
  if (host === undefined) return failed(`${identity.name}: its host is not configured here.`);
  if (identity.process === null) return failed(`${identity.name}: its process is not known.`);
  const stopped = await host.stop(context.ticket, identity.name, identity.process, limits.stopTimeoutMs);
  if (stopped.kind !== 'done') return stopped;
  const started = await startOne(identity.name, release, context, io);
  return started.kind === 'done' ? done(`${stopped.says} ${started.says}`) : started;
}

async function startOne(
  name: string,
  release: Release,
  context: ActContext<SeenElasticsearch>,
  io: EngineIo,
): Promise<ActResult> {
  const host = hostOf(name, context, io);
  if (host === undefined) return failed(`${name}: its host is not configured here.`);
  const started = await host.start(context.ticket, launch(context.cluster, context.catalog, name, release, { kind: 'join' }));
  return started.kind === 'refused' && started.because === 'already-running' ? done(`${name} runs already.`) : started;
}

function hostOf(name: string, context: ActContext<SeenElasticsearch>, io: EngineIo) {
  const spec = context.cluster.spec.nodes.find((node) => node.name === name);
  return spec === undefined ? undefined : io.hosts(spec.host);
}

/** Done when all are; else the first that is not, with everything that was said. */
async function together(
  on: readonly MemberIdentity[],
  one: (identity: MemberIdentity) => Promise<ActResult>,
): Promise<ActResult> {
  const results = await Promise.all(on.map(one));
  const says = results.map((result) => result.says).join(' ');
  const other = results.find((result) => result.kind === 'failed') ?? results.find((result) => result.kind === 'refused');
  return other === undefined ? done(says) : { ...other, says };
}
