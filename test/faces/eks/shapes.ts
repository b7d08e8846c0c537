/** What an answer has that the schemas in the official JavaScript client do not: unknown members, wrong types, words that no enum has. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as client from '@aws-sdk/client-eks';

const Kind = {
  Text: 0,
  Number: 1,
  Boolean: 2,
  FirstTimestamp: 4,
  LastTimestamp: 7,
  ListOf: 64,
  MapOf: 128,
} as const;

type Members = Readonly<Record<string, unknown>>;
type Schema = number | readonly unknown[] | (() => Schema);

const shapes = client as unknown as Readonly<Record<string, Schema | Readonly<Record<string, string>> | undefined>>;

/** Troubles of the body of a good answer to an operation. */
export function answerTroubles(operation: string, body: unknown): readonly string[] {
  const schema = shapes[`${operation}$`];
  if (!Array.isArray(schema)) return [`${operation}: no such operation`];
  const output = schema[5] as Schema;
  return troubles(output, body, operation, null);
}

/** Errors of the gateway before the service, which the client has no schema for. */
const gatewayErrors: readonly string[] = [
  'MissingAuthenticationTokenException',
  'IncompleteSignatureException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'RequestEntityTooLargeException',
];

/** Troubles of an error: its members are those of its schema, all of them, with null for what is not set. */
export function errorTroubles(operation: string, code: string, status: number, body: unknown): readonly string[] {
  const schema = shapes[`${code}$`];
  if (!Array.isArray(schema)) {
    const known = gatewayErrors.includes(code) && Object.keys(body as object).join() === 'message';
    return known ? [] : [`${operation}: ${code} is not an error of this API`];
  }
  const names = schema[4] as readonly string[];
  const sent = Object.keys(body as object);
  const { httpError } = schema[3] as { readonly httpError: number };
  return [
    ...(httpError === status ? [] : [`${operation}: ${code} with status ${status}, not ${httpError}`]),
    ...names.filter((name) => !sent.includes(name)).map((name) => `${operation}: ${code} lacks ${name}`),
    ...troubles(schema, body, `${operation} ${code}`, null),
  ];
}

function troubles(schema: Schema, value: unknown, path: string, words: readonly string[] | null): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof schema === 'function') return troubles(schema(), value, path, words);
  if (typeof schema === 'number') return simpleTroubles(schema, value, path, words);
  if (schema.length === 2) return troubles(schema[0] as Schema, value, path, words);
  const [kind] = schema;
  if (kind === 1) return listTroubles(schema[4] as Schema, value, path, words);
  if (kind === 2) return mapTroubles(schema[5] as Schema, value, path);
  return structureTroubles(schema, value, path);
}

function structureTroubles(schema: readonly unknown[], value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: not a structure`];
  const name = String(schema[2]);
  const names = schema[4] as readonly string[];
  const members = schema[5] as readonly Schema[];
  return Object.entries(value as Members).flatMap(([key, member]) => {
    const index = names.indexOf(key);
    const inner = members[index];
    if (inner === undefined) return [`${path}.${key}: ${name} has no such member`];
    return troubles(inner, member, `${path}.${key}`, wordsOf(name, key));
  });
}

function listTroubles(schema: Schema, value: unknown, path: string, words: readonly string[] | null): readonly string[] {
  if (!Array.isArray(value)) return [`${path}: not a list`];
  return value.flatMap((item, index) =>
    item === null ? [`${path}[${index}]: null`] : troubles(schema, item, `${path}[${index}]`, words),
  );
}

function mapTroubles(schema: Schema, value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: not a map`];
  return Object.entries(value as Members).flatMap(([key, member]) => troubles(schema, member, `${path}.${key}`, null));
}

function simpleTroubles(kind: number, value: unknown, path: string, words: readonly string[] | null): readonly string[] {
  if (kind >= Kind.MapOf) return mapTroubles(kind - Kind.MapOf, value, path);
  if (kind >= Kind.ListOf) return listTroubles(kind - Kind.ListOf, value, path, words);
  if (kind >= Kind.FirstTimestamp && kind <= Kind.LastTimestamp)
    return typeof value === 'number' && value > 1e9 && value < 1e10
      ? []
      : [`${path}: ${JSON.stringify(value)} is no moment in seconds`];
  const type = { [Kind.Text]: 'string', [Kind.Number]: 'number', [Kind.Boolean]: 'boolean' }[kind];
  if (type === undefined || typeof value !== type) return [`${path}: ${JSON.stringify(value)} is not a ${type ?? kind}`];
  return words === null || words.includes(String(value)) ? [] : [`${path}: ${String(value)} is none of ${words.join(', ')}`];
}

/** The schemas know no enums: which member has one stands in the declarations beside them. */
const declarations = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-eks/package.json')), 'dist-types/models/models_0.d.ts'),
  'utf8',
);

function wordsOf(structure: string, member: string): readonly string[] | null {
  const declared = new RegExp(`export interface ${structure} \\{([\\s\\S]*?)\\n\\}`).exec(declarations)?.[1] ?? '';
  const type = new RegExp(`\\n    ${member}\\??: (\\w+)`).exec(declared)?.[1] ?? '';
  const words = shapes[type];
  const isEnum =
    typeof words === 'object' && !Array.isArray(words) && Object.values(words).every((word) => typeof word === 'string');
  return isEnum ? Object.values(words as Readonly<Record<string, string>>) : null;
}
