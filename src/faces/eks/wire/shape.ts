/** Request bodies, parsed by a schema: what is not in it is dropped, as this API ignores it. */
import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Static, type TSchema, Type } from 'typebox';
import type { Json } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';

const ajv = new Ajv({
  ...{ allErrors: false, strict: false, validateFormats: false, validateSchema: false },
  ...{ coerceTypes: false, removeAdditional: 'all' },
});

/** The members that the schema names, or an error that names the first one that is wrong. */
export function shapeOf<T extends TSchema>(schema: T): (body: Json) => Static<T> | ApiError {
  // By the first request that it is for: all of them together would hold up the start of a server.
  let check: ValidateFunction | null = null;
  return (body) => {
    check ??= ajv.compile(schema as AnySchemaObject);
    const value: unknown = structuredClone(body);
    return check(value) ? (value as Static<T>) : fail('InvalidParameterException', wrongOf(check.errors?.[0]));
  };
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: values });
}

export const Texts = Type.Array(Type.String(), { maxItems: 100 });

/** Never what was sent: only what is wrong with it. */
function wrongOf(error: Partial<ErrorObject> | undefined): string {
  const path = (error?.instancePath ?? '').split('/').filter(Boolean).join('.');
  const parameters = (error?.params ?? {}) as Readonly<Record<string, unknown>>;
  switch (error?.keyword) {
    case 'required':
      return `${[path, String(parameters.missingProperty)].filter(Boolean).join('.')} is required.`;
    case 'enum':
      return `${path} must be one of ${(parameters.allowedValues as readonly unknown[]).join(', ')}.`;
    default:
      return `${path || 'The request body'} ${error?.message ?? 'is not valid'}.`;
  }
}
