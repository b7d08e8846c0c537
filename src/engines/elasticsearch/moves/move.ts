import type { ActContext, ActResult, EngineIo, Move, SeenElasticsearch } from '../../../domain/index.ts';

export type Act = Extract<Move, { do: 'act' }>;

/** Performs one act. Run twice it changes nothing more; killed anywhere, the next look finds out what is left to do. */
export type Perform = (move: Act, context: ActContext<SeenElasticsearch>, io: EngineIo) => Promise<ActResult>;

export function done(says: string): ActResult {
  return { kind: 'done', says };
}

export function failed(says: string, lastLines: readonly string[] = []): ActResult {
  return { kind: 'failed', says, lastLines };
}

/** The release that a move names in its parameters. */
export function releaseOfMove(move: Act) {
  const { version, build } = move.parameters;
  if (version === undefined || version === null) throw new Error(`move ${move.move} names no version`);
  return { version, build: build ?? null };
}
