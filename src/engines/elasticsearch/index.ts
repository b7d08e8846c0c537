/**
 * The engine `elasticsearch`: how its clusters are observed, lifted and launched.
 * It does not know: how upgrades are stored, which public API asked, how a host does its work.
 */
import type { ActContext, ActResult, EngineIo } from '../../domain/index.ts';
import { type Act, moves } from './moves/index.ts';

export { parseCatalog } from './catalog.ts';
export { checks } from './checks/index.ts';
export { decide, settledVerdict } from './decide/index.ts';
export { artefacts, launch, trialText } from './launch/index.ts';
export { basisOf, observe, releaseOf } from './observe/index.ts';
export { planHops, touches } from './plan.ts';

/** Performs one act by the name that decide gave it. */
export function perform(move: Act, context: ActContext, io: EngineIo): Promise<ActResult> {
  const make = moves[move.move];
  if (make === undefined) throw new Error(`there is no move ${move.move}`);
  return make(move, context, io);
}
