/** Holds answers against the OpenAPI document, strictly: a member that the document does not name is a mistake, too. */
import { Ajv } from 'ajv';

type Json = Record<string, unknown>;

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  /** Of its own; empty: nobody need say who he is. */
  readonly security?: readonly Json[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Json };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Record<string, OpenApiMedia> }>>;
}

export interface OpenApiMedia {
  readonly schema: Json;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json };
}

interface Answered {
  readonly status: number;
  readonly json: unknown;
}

/** What the document does not say of this answer. A path that it does not have may only be answered with an error. */
export function mistakesOf(document: OpenApiDocument, method: string, url: string, answer: Answered): readonly string[] {
  const path = url.split('?')[0] ?? '';
  const found = Object.entries(document.paths).find(([pattern]) => patternOf(pattern).test(path));
  const operation = found?.[1][method.toLowerCase()];
  if (found === undefined || operation === undefined)
    return answer.status < 400
      ? ['it is not in the document']
      : mistakesUnder(document, ['components', 'schemas', 'Error'], answer.json);
  if (operation.responses[String(answer.status)] === undefined) return [`status ${answer.status} is not in the document`];
  const where = ['paths', found[0], method.toLowerCase(), 'responses', String(answer.status)];
  return mistakesUnder(document, [...where, 'content', 'application/json', 'schema'], answer.json);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

const validators = new WeakMap<OpenApiDocument, Ajv>();

/** Mistakes of a value under the schema that stands at a place of the document; its objects are taken as complete. */
export function mistakesUnder(document: OpenApiDocument, place: readonly string[], value: unknown): readonly string[] {
  const ajv = validators.get(document) ?? new Ajv({ strict: false, allErrors: true, validateFormats: false });
  if (!validators.has(document)) ajv.addSchema(close(document) as Json, 'document');
  validators.set(document, ajv);
  const pointer = place.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const check = ajv.getSchema(`document#/${pointer}`);
  if (check === undefined) return [`there is nothing at ${place.join(' ')}`];
  if (check(value)) return [];
  return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, close(member)]));
  const open = typeof closed.properties === 'object' && closed.type === 'object' && closed.additionalProperties === undefined;
  return open ? { ...closed, additionalProperties: false } : closed;
}
