import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import { ExportedObservation } from './wire/index.ts';

// The schemas are our own, made by typebox: a server need not judge them whenever it starts.
const common = { allErrors: false, useDefaults: true, strict: false, validateFormats: false, validateSchema: false } as const;
/** A body says what it means: a number in quotes is a mistake. In a query everything is text. */
const bodies = new Ajv({ ...common, coerceTypes: false, discriminator: true });
// Bodies refer to it by its name, as the document does.
bodies.addSchema(ExportedObservation as AnySchemaObject);
const queries = new Ajv({ ...common, coerceTypes: true });

/** Compiled by the first request that it is for: all of them together would hold up the start of a server. */
export function validatorFor(schema: unknown, httpPart: string | undefined) {
  const ajv = httpPart === 'body' ? bodies : queries;
  let compiled: ValidateFunction | null = null;
  const validator = (value: unknown): boolean => {
    compiled ??= ajv.compile(schema as AnySchemaObject);
    const fits = compiled(value);
    validator.errors = compiled.errors ?? null;
    return fits;
  };
  validator.errors = null as ErrorObject[] | null;
  return validator;
}

export interface Wrong {
  /** The member, as a person would name it: `nodes[0].url`. */
  readonly key: string;
  readonly says: string;
}

/** The first thing that is wrong, in a sentence that begins with the key. Never what was sent: it may be a secret. */
export function wrongOf(errors: readonly Partial<ErrorObject>[], part: string): Wrong {
  // A union fails once for each of its sides; the longest path got furthest.
  const [error] = [...errors].sort((a, b) => (b.instancePath ?? '').length - (a.instancePath ?? '').length);
  const path = keyPath(error?.instancePath ?? '');
  const parameters = (error?.params ?? {}) as Readonly<Record<string, unknown>>;
  const below = (name: unknown) => (path === '' ? String(name) : `${path}.${String(name)}`);
  switch (error?.keyword) {
    case 'required':
      return told(below(parameters.missingProperty), 'is missing.');
    case 'additionalProperties':
      return told(below(parameters.additionalProperty), 'is not known here.');
    case 'enum':
      return told(path || part, `must be one of ${(parameters.allowedValues as readonly unknown[]).join(', ')}.`);
    case 'pattern':
      return told(path || part, `must fit ${String(parameters.pattern)}.`);
    default:
      return told(path || `the ${part}`, `${error?.message ?? 'is not valid'}.`);
  }
}

const keyMax = 128;

function told(key: string, says: string): Wrong {
  const line = key.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, keyMax);
  return { key: line, says: `${line} ${says}` };
}

/** `/nodes/0/url` is `nodes[0].url`. */
function keyPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, segment) => {
      if (/^\d+$/.test(segment)) return `${path}[${segment}]`;
      return path === '' ? segment : `${path}.${segment}`;
    }, '');
}

/**
 * The first member with a text that PostgreSQL does not take (a NUL, half a surrogate pair), or null. How deep a body goes
 * is bounded where it is read.
 */
export function unstorableKey(value: unknown, key = ''): string | null {
  if (typeof value === 'string') return /[\0\p{Surrogate}]/u.test(value) ? key || 'the body' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    if (/[\0\p{Surrogate}]/u.test(name)) return `a name in ${key || 'the body'}`;
    const below = Array.isArray(value) ? `${key}[${name}]` : key === '' ? name : `${key}.${name}`;
    const found = unstorableKey(member, below);
    if (found !== null) return found;
  }
  return null;
}
