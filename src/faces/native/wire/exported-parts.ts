/** What the documents of every kind of cluster are made of. */
import { type TSchema, Type } from 'typebox';
import { closed, Instant, oneOf, orNull } from './common.ts';

/** A name of something, whoever chose it. */
export const Word = Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,255}$' });
export const Id = Type.String({ pattern: '^[^\\u0000-\\u0020\\u007f]{0,128}$' });
export const Text = Type.String({ maxLength: 16_384 });
export const Texts = Type.Array(Text, { maxItems: 1_000 });
export const Count = Type.Integer({ minimum: 0 });
export const Version = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,5}){1,3}([-+.][0-9A-Za-z.-]{1,32})?$' });
export const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$',
  description: 'A UTC moment.',
});
export const ReleaseShown = Type.Object({ version: Version, build: orNull(Word) }, closed);

/** Flat names and their values. */
export const Flat = Type.Record(Type.String({ maxLength: 512 }), Text, { maxProperties: 5_000 });

/** Known, or why not. */
export function Fact<T extends TSchema>(value: T) {
  return Type.Union([
    Type.Object({ known: Type.Literal(true), value }, closed),
    Type.Object({ known: Type.Literal(false), because: Text, absent: Type.Boolean() }, closed),
  ]);
}

const Process = Type.Union([
  Type.Object(
    {
      state: Type.Literal('running'),
      identity: Type.Object({ pid: Count, startTime: Text }, closed),
      release: orNull(ReleaseShown),
      startedAt: orNull(Instant),
    },
    closed,
  ),
  Type.Object(
    { state: Type.Literal('stopped'), release: orNull(ReleaseShown), exitCode: orNull(Type.Integer()), lastLines: Texts },
    closed,
  ),
  Type.Object({ state: oneOf(['launching', 'absent']) }, closed),
  Type.Object({ state: Type.Literal('unknown'), because: Text }, closed),
]);

export const ExportedMember = Type.Object(
  {
    name: Word,
    process: Process,
    running: orNull(ReleaseShown),
    joined: orNull(Type.Object({ nodeId: Id, ephemeralId: Id }, closed)),
  },
  closed,
);

export const ExportedHost = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('seen'),
      javas: Type.Array(Type.Integer(), { maxItems: 100 }),
      freeMemoryBytes: orNull(Type.Number()),
      prefetched: Texts,
      generation: Count,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('unreachable'), because: Text }, closed),
]);
