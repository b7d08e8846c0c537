import {
  type ActContext,
  type ActResult,
  type Host,
  type KubernetesMemberSpec,
  kubernetesMembers,
  type MakerIo,
  type MemberIdentity,
  type Move,
  type Release,
  type SeenKubernetes,
} from '../../../domain/index.ts';

export type Act = Extract<Move, { do: 'act' }>;
export type Context = ActContext<SeenKubernetes>;

/** Performs one act. Run twice it changes nothing more; killed anywhere, the next look finds out what is left to do. */
export type Perform = (move: Act, context: Context, io: MakerIo) => Promise<ActResult>;

export function done(says: string): ActResult {
  return { kind: 'done', says };
}

export function failed(says: string, lastLines: readonly string[] = []): ActResult {
  return { kind: 'failed', says, lastLines };
}

/** The release that a move names in its parameters. */
export function releaseOfMove(move: Act): Release {
  const { version, build } = move.parameters;
  if (version === undefined || version === null) throw new Error(`move ${move.move} names no version`);
  return { version, build: build ?? null };
}

/** The one member that a move is about. */
export function theOne(move: Act): MemberIdentity {
  const [identity, ...others] = move.on;
  if (identity === undefined || others.length > 0) throw new Error(`move ${move.move} is about one member`);
  return identity;
}

export function memberSpec(context: Context, name: string): KubernetesMemberSpec | undefined {
  return kubernetesMembers(context.cluster.spec).find((member) => member.name === name);
}

/** A node that is no longer described runs where the others of its cluster do. */
export function hostOf(context: Context, name: string, io: MakerIo): Host | undefined {
  const key = memberSpec(context, name)?.host ?? context.cluster.spec.members[0]?.host;
  return key === undefined ? undefined : io.hosts(key);
}

export function noHost(name: string): ActResult {
  return failed(`${name}: its host is not configured here.`);
}

/** One after the other; the first that is not done ends it, with what was said until then. */
export async function inTurn(steps: readonly (() => Promise<ActResult>)[]): Promise<ActResult> {
  const said: string[] = [];
  let remark: string | undefined;
  for (const step of steps) {
    const result = await step();
    if (result.kind !== 'done') return { ...result, says: sentences([...said, result.says]) };
    said.push(result.says);
    remark = result.remark ?? remark;
  }
  return { kind: 'done', says: sentences(said), ...(remark === undefined ? {} : { remark }) };
}

function sentences(said: readonly string[]): string {
  return said.filter((text) => text !== '').join(' ');
}
