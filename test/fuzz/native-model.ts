/** Operations of our own API from the schemas that its OpenAPI document is made of. */
import { operations } from '../../src/faces/native/routes.ts';
import type { Field, Member, Operation, Type } from './model.ts';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
}

export function nativeOperations(prefix: string): readonly Operation[] {
  return operations.map(({ id, method, path, params, query, body }) => ({
    name: id,
    method,
    path: prefix + path.replaceAll(/:(\w+)/g, '{$1}'),
    fields: [
      ...placed('path', params as JsonSchema),
      ...placed('query', query as JsonSchema),
      ...placed('body', (body ?? {}) as JsonSchema),
    ],
  }));
}

function placed(place: Field['place'], schema: JsonSchema): readonly Field[] {
  return membersOf(schema).map((member) => ({ ...member, place }));
}

/** Of a union the members of every kind: a body of one engine with a member of the other is one more thing to refuse. */
function membersOf(schema: JsonSchema): readonly Member[] {
  const found = new Map<string, Member>();
  for (const { properties = {}, required = [] } of [schema, ...(schema.anyOf ?? [])])
    for (const [name, member] of Object.entries(properties))
      if (!found.has(name)) found.set(name, { name, type: typeOf(member), required: required.includes(name) });
  return [...found.values()];
}

function typeOf(schema: JsonSchema): Type {
  const kinds = (schema.anyOf ?? []).filter((one) => one.type !== 'null');
  const structured = [schema, ...kinds].some((one) => one.properties !== undefined);
  if (structured) return { kind: 'structure', members: membersOf(schema) };
  const [first] = kinds;
  if (first !== undefined) return typeOf(kinds.find((one) => one.type === 'array') ?? first);
  if (schema.type === 'array') return { kind: 'list', of: typeOf(schema.items ?? {}) };
  if (schema.type === 'object') return { kind: 'map', of: typeOf(valuesOf(schema)) };
  if (schema.type === 'integer' || schema.type === 'number') return { kind: 'number' };
  if (schema.type === 'boolean') return { kind: 'flag' };
  if (schema.type !== 'string' && schema.enum === undefined) return { kind: 'anything' };
  return schema.enum === undefined ? { kind: 'text' } : { kind: 'text', words: schema.enum.map(String) };
}

function valuesOf({ patternProperties, additionalProperties }: JsonSchema): JsonSchema {
  const [pattern] = Object.values(patternProperties ?? {});
  return pattern ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
}
