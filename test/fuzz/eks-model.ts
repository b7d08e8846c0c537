/** Operations of EKS from the schemas in the official JavaScript client. */
import * as client from '@aws-sdk/client-eks';
import type { Field, Operation, Type } from './model.ts';

type Schema = number | readonly unknown[] | (() => Schema);

/** Kinds of simple schemas; lists and maps of simple ones are these sums. */
const number = 1;
const flag = 2;
const firstMoment = 4;
const lastMoment = 7;
const anything = 15;
const listOf = 64;
const mapOf = 128;
/** Kinds of compound schemas, in their first place. */
const list = 1;
const map = 2;
const operation = 9;
/** The trait of a member that stands in the path. */
const label = 1;

export function eksOperations(): readonly Operation[] {
  return Object.values(client as unknown as Readonly<Record<string, unknown>>)
    .filter((schema): schema is readonly unknown[] => Array.isArray(schema) && schema[0] === operation)
    .map((schema) => {
      const { http } = schema[3] as { readonly http: readonly [string, string, number] };
      return { name: String(schema[2]), method: http[0], path: http[1], fields: fieldsOf(schema[4] as Schema) };
    });
}

function fieldsOf(input: Schema): readonly Field[] {
  const structure = opened(input);
  if (!Array.isArray(structure)) return [];
  return members(structure).map(({ name, schema, required }) => {
    const traits: unknown = Array.isArray(schema) && schema.length === 2 ? schema[1] : 0;
    const type = typeOf(schema);
    if (traits === label) return { name, place: 'path', type, required };
    const query = typeof traits === 'object' && traits !== null && 'httpQuery' in traits ? String(traits.httpQuery) : null;
    return { name: query ?? name, place: query === null ? 'body' : 'query', type, required };
  });
}

/** Those that are required come first; how many they are stands behind the schemas. */
function members(structure: readonly unknown[]) {
  const schemas = structure[5] as readonly Schema[];
  const required = Number(structure[6] ?? 0);
  return (structure[4] as readonly string[]).map((name, index) => ({
    name,
    schema: schemas[index] ?? 0,
    required: index < required,
  }));
}

function opened(schema: Schema): number | readonly unknown[] {
  return typeof schema === 'function' ? opened(schema()) : schema;
}

function typeOf(given: Schema): Type {
  const schema = opened(given);
  if (typeof schema === 'number') return simple(schema);
  if (schema.length === 2) return typeOf(schema[0] as Schema);
  if (schema[0] === list) return { kind: 'list', of: typeOf(schema[4] as Schema) };
  if (schema[0] === map) return { kind: 'map', of: typeOf(schema[5] as Schema) };
  return {
    kind: 'structure',
    members: members(schema).map(({ name, schema: inner, required }) => ({ name, type: typeOf(inner), required })),
  };
}

function simple(kind: number): Type {
  if (kind >= mapOf) return { kind: 'map', of: simple(kind - mapOf) };
  if (kind >= listOf) return { kind: 'list', of: simple(kind - listOf) };
  if (kind === number) return { kind: 'number' };
  if (kind === flag) return { kind: 'flag' };
  if (kind === anything) return { kind: 'anything' };
  return kind >= firstMoment && kind <= lastMoment ? { kind: 'moment' } : { kind: 'text' };
}
