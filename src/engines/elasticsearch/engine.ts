import type { ActContext, ActResult, ElasticsearchCluster, Engine, EngineIo, SeenElasticsearch } from '../../domain/index.ts';
import { adoption } from './adoption.ts';
import { call } from './call/index.ts';
import { checks } from './checks/index.ts';
import { decide } from './decide/index.ts';
import { draft, troubles } from './draft.ts';
import { artefacts, launch, trialText } from './launch/index.ts';
import { type Act, moves } from './moves/index.ts';
import { basisOf, observe, releaseOf } from './observe/index.ts';
import { planHops, touches } from './plan.ts';

export const elasticsearchEngine: Engine<SeenElasticsearch> = {
  name: 'elasticsearch',
  observe,
  checks,
  releaseOf,
  planHops,
  touches,
  basisOf,
  troubles,
  draft,
  adoption,
  decide,
  perform,
  launch,
  trialPorts: 2,
  trialText,
  artefacts,
  call,
  members: (cluster: ElasticsearchCluster) => cluster.spec.nodes.map((node) => ({ name: node.name, host: node.host })),
};

/** Performs one act by the name that decide gave it. */
export function perform(move: Act, context: ActContext<SeenElasticsearch>, io: EngineIo): Promise<ActResult> {
  const make = moves[move.move];
  if (make === undefined) throw new Error(`there is no move ${move.move}`);
  return make(move, context, io);
}
