import { type Static, type TSchema, Type } from 'typebox';

const Text = Type.String();
const Texts = Type.Array(Type.String());
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const Release = Type.Object({ version: Text, build: orNull(Text) });
const Ticket = Type.Object({ clusterId: Text, generation: Type.Number() });
const Identity = Type.Object({ pid: Type.Number(), startTime: Text });

const Artefact = Type.Union([
  Type.Object({ kind: Type.Literal('archive'), url: Text, sha256: Text }),
  Type.Object({ kind: Type.Literal('archive'), url: Text, sha256Url: Text }),
  Type.Object({ kind: Type.Literal('component'), name: Text }),
  Type.Object({ kind: Type.Literal('maven'), coordinate: Text, sha256: Text }),
  Type.Object({ kind: Type.Literal('folder'), path: Text }),
]);

const Launch = Type.Object({
  clusterId: Text,
  member: Text,
  release: Release,
  artefacts: Type.Array(Artefact),
  tools: Type.Optional(Type.Array(Type.Object({ name: Text, release: Release, artefacts: Type.Array(Artefact) }))),
  java: orNull(Type.Object({ min: Type.Number(), max: Type.Number() })),
  command: Texts,
  environment: Type.Record(Text, Text),
  files: Type.Array(Type.Object({ path: Text, text: Text, secret: Type.Optional(Type.Literal(true)) })),
  copies: Type.Array(Type.Object({ from: Text, to: Text })),
  overlay: Type.Optional(Type.Object({ path: Text, remove: Texts, set: Type.Record(Text, Type.Union([Text, Texts])) })),
  folders: orNull(Type.Object({ conf: orNull(Text), data: Text, logs: Text })),
  sharedFolders: Texts,
  readyUrl: Text,
  tags: Type.Optional(Type.Record(Text, Text)),
  archive: orNull(Text),
});

const ActResult = Type.Union([
  Type.Object({ kind: Type.Literal('done'), says: Text }),
  Type.Object({
    kind: Type.Literal('refused'),
    because: Type.Union([Type.Literal('older-generation'), Type.Literal('identity-changed'), Type.Literal('already-running')]),
    says: Text,
  }),
  Type.Object({ kind: Type.Literal('failed'), says: Text, lastLines: Texts }),
]);

const MemberProcess = Type.Union([
  Type.Object({ state: Type.Literal('running'), identity: Identity, release: orNull(Release), startedAt: orNull(Text) }),
  Type.Object({ state: Type.Literal('launching') }),
  Type.Object({
    state: Type.Literal('stopped'),
    release: orNull(Release),
    exitCode: orNull(Type.Number()),
    lastLines: Texts,
  }),
  Type.Object({ state: Type.Literal('absent') }),
  Type.Object({ state: Type.Literal('unknown'), because: Text }),
]);

const TrialRun = Type.Union([
  Type.Object({ kind: Type.Literal('passed'), tookMs: Type.Number(), archive: orNull(Text) }),
  Type.Object({ kind: Type.Literal('refused'), lastLines: Texts, exitCode: orNull(Type.Number()) }),
  Type.Object({ kind: Type.Literal('could-not-run'), because: Text }),
]);

const Facts = Type.Object({
  javas: Type.Array(Type.Object({ feature: Type.Number(), home: Text })),
  freeMemoryBytes: orNull(Type.Number()),
  prefetched: Texts,
});

/** What a simulated host is asked over HTTP, `POST /host/<method>`, and what it answers: both ends are checked against this. */
export const contract = {
  facts: { asks: Type.Object({ clusterId: Text }), answers: Facts },
  generationOf: { asks: Type.Object({ clusterId: Text }), answers: Type.Number() },
  prefetch: {
    asks: Type.Object({ ticket: Ticket, release: Release, artefacts: Type.Array(Artefact) }),
    answers: ActResult,
  },
  describe: { asks: Type.Object({ clusterId: Text, member: Text }), answers: MemberProcess },
  adopt: { asks: Type.Object({ ticket: Ticket, member: Text, pid: Type.Number(), release: Release }), answers: ActResult },
  stop: {
    asks: Type.Object({ ticket: Ticket, member: Text, identity: Identity, stopTimeoutMs: Type.Number() }),
    answers: ActResult,
  },
  start: { asks: Type.Object({ ticket: Ticket, launch: Launch }), answers: ActResult },
  run: {
    asks: Type.Object({ ticket: Ticket, member: Text, command: Texts, timeoutMs: Type.Number() }),
    answers: ActResult,
  },
  trial: {
    asks: Type.Object({
      launch: Launch,
      limits: Type.Object({ timeoutMs: Type.Number(), minFreeMemoryBytes: Type.Number() }),
    }),
    answers: TrialRun,
  },
  freeLoopbackBlock: {
    asks: Type.Object({ ports: Type.Array(Type.Number()), taken: Texts }),
    answers: Type.Object({ block: Type.String({ pattern: '^127\\.\\d+\\.\\d+$' }) }),
  },
  troublesWithTags: { asks: Type.Object({ engine: Text, tags: Type.Record(Text, Text) }), answers: Texts },
  freePorts: { asks: Type.Object({ count: Type.Number() }), answers: Type.Array(Type.Number()) },
  launches: {
    asks: Type.Object({ clusterId: Text, member: Text }),
    answers: Type.Array(Type.Object({ release: Release, at: Text })),
  },
  erase: { asks: Type.Object({ ticket: Ticket, member: Text }), answers: ActResult },
} as const;

export type Method = keyof typeof contract;
export type Asked<M extends Method> = Static<(typeof contract)[M]['asks']>;
export type Answered<M extends Method> = Static<(typeof contract)[M]['answers']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(contract, name);
}
