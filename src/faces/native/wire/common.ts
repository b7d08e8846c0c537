import { type Static, type TSchema, Type } from 'typebox';

/** A schema with a name of its own in the OpenAPI document. */
export function named<T extends TSchema>(name: string, schema: T): T {
  return Object.assign(schema, { $id: name });
}

/** Refers to a named schema, so that the document has it once. */
export function ref<T extends TSchema>(schema: T) {
  const { $id } = schema as { readonly $id?: string };
  if ($id === undefined) throw new Error('only a named schema can be referred to');
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` });
}

export function orNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** One of a few words. */
export function oneOf<const W extends readonly string[]>(words: W, description?: string) {
  return Type.Unsafe<W[number]>({ type: 'string', enum: [...words], ...(description === undefined ? {} : { description }) });
}

/** What a body may hold: a member that is not known is told, not lost. */
export const closed = { additionalProperties: false } as const;

export const Instant = Type.String({ description: 'A UTC moment, `2026-11-24T10:00:00.000Z`.' });
export const ClusterId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$', description: 'Id of a cluster.' });
export const uuid = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
export const NodegroupName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$',
  description: 'Only the nodes of this group are lifted; without it the cluster itself is.',
});
export const PlanId = Type.String({ pattern: uuid, description: 'Id of a plan, a UUID.' });
export const UpgradeId = Type.String({ pattern: uuid, description: 'Id of an upgrade, a UUID.' });
export const KeyId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$', description: 'Id of an access key.' });

export const Release = named(
  'Release',
  Type.Object(
    { version: Type.String(), build: orNull(Type.String()) },
    { description: 'What a member runs: a version and a build; build null means stock.' },
  ),
);

export const Reason = named(
  'Reason',
  Type.Object(
    {
      code: Type.String({ description: 'A dotted sentence, stable for ever.' }),
      subject: Type.String(),
      says: Type.String(),
      clearedBy: Type.String(),
      evidence: Type.Optional(Type.Array(Type.String())),
    },
    { description: 'Why an upgrade waits or has stopped, and what would clear it.' },
  ),
);

/** A target, as a caller names it. */
export const Target = Type.Object(
  {
    version: Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$', description: '`6.7.0`' }),
    build: Type.Optional(orNull(Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$' }))),
  },
  { ...closed, description: 'A version, and a build where it is not to be the stock one.' },
);

/** A sentence for a person. */
export const Says = Type.String({ description: 'A sentence for a person.' });

export const ErrorAnswer = named(
  'Error',
  Type.Object(
    {
      error: Type.Object({
        code: Type.String(),
        says: Says,
        remedy: Type.Optional(Type.String({ description: 'What to do about it.' })),
        details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
    },
    { description: 'Every error of this API.' },
  ),
);
