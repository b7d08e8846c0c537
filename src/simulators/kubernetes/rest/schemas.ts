/** The fields of kinds as schemas, for clients that explain them. */
import { type Field, messageAt, messageName, messageOfKind } from '../field-table.ts';
import { definitions, groupVersionOf, listOf, type ResourceType, type World } from '../world/index.ts';

export type Schema = Readonly<Record<string, unknown>>;
type Schemas = Record<string, Schema>;

/** Messages that JSON shows as something of their own. */
const scalars: Readonly<Record<string, Schema>> = {
  s: { type: 'string' },
  i: { type: 'integer' },
  b: { type: 'boolean' },
  f: { type: 'number' },
  y: { type: 'string', format: 'byte' },
  r: { type: 'object' },
  w: { type: 'array', items: { type: 'string' } },
};
const named: Readonly<Record<string, readonly [name: string, schema: Schema]>> = {
  q: ['Quantity', { type: 'string', description: 'A number with a unit: 500m, 64Mi.' }],
  o: ['IntOrString', { type: 'string', format: 'int-or-string', description: 'A number, or a percentage or name as text.' }],
  t: ['Time', { type: 'string', format: 'date-time', description: 'A moment, to the second.' }],
  u: ['MicroTime', { type: 'string', format: 'date-time', description: 'A moment, to the microsecond.' }],
  d: ['Duration', { type: 'string', description: 'A span of time: 1h30m.' }],
};

/** Of every kind of one version, with all that is in them. `root` is where references begin: `#/components/schemas/`. */
export function schemasOf(world: World, types: readonly ResourceType[], version: string, root: string): Schemas {
  const schemas: Schemas = {};
  for (const type of types) {
    const { group, kind } = type;
    const message = messageOfKind(`${groupVersionOf(group, version)} ${kind}`);
    const schema = type.custom === true ? ownersSchema(world, type, version) : schemaOfMessage(schemas, message, root);
    const { properties, ...rest } = schema;
    schemas[[...group.split('.').reverse(), version, kind].filter((word) => word !== '').join('.')] = {
      description: `${kind} of ${groupVersionOf(group, version)}. This simulated API knows the names and types of its fields, and describes none.`,
      ...rest,
      type: 'object',
      properties: { apiVersion: scalars.s, kind: scalars.s, ...(properties as object | undefined) },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
  }
  return schemas;
}

/** What its definition says of it. */
function ownersSchema(world: World, { group, kind }: ResourceType, version: string): Schema {
  const found = listOf(world, definitions)
    .map(({ object }) => object.spec as { group: string; names: { kind: string }; versions: readonly Record<string, unknown>[] })
    .find((spec) => spec.group === group && spec.names.kind === kind);
  const { schema } = (found?.versions.find(({ name }) => name === version) ?? {}) as { schema?: { openAPIV3Schema?: Schema } };
  return { ...schema?.openAPIV3Schema };
}

/** Puts what it refers to beside it. Undefined: its fields are not known. */
function schemaOfMessage(schemas: Schemas, message: number | undefined, root: string): Schema {
  if (message === undefined) return { properties: { metadata: scalars.r, spec: scalars.r, status: scalars.r } };
  const shownAs = (type: string): Schema => {
    if (type.startsWith('[')) return { type: 'array', items: shownAs(type.slice(1)) };
    if (type.startsWith('{')) return { type: 'object', additionalProperties: shownAs(type.slice(1)) };
    if (type.startsWith(':')) return { $ref: `${root}${included(schemas, Number(type.slice(1)), root)}` };
    const own = named[type];
    if (own === undefined) return scalars[type] ?? { type: 'object' };
    const name = `clusterlift.simulated.${own[0]}`;
    schemas[name] ??= own[1];
    return { $ref: `${root}${name}` };
  };
  const propertiesOf = (fields: Iterable<Field>): readonly (readonly [string, Schema])[] =>
    [...fields].flatMap(({ name, type }) =>
      name === '' && type.startsWith(':') ? propertiesOf(messageAt(Number(type.slice(1))).values()) : [[name, shownAs(type)]],
    );
  const properties = propertiesOf(messageAt(message).values()).filter(([name]) => name !== '' && name !== '-');
  return { type: 'object', properties: Object.fromEntries(properties) };
}

/** The name of its schema, which is there then. Names alone are not unique. */
function included(schemas: Schemas, message: number, root: string): string {
  const name = `clusterlift.simulated.n${message}.${messageName(message)}`;
  if (schemas[name] !== undefined) return name;
  // There before it is filled: some messages have themselves in them.
  schemas[name] = {};
  schemas[name] = schemaOfMessage(schemas, message, root);
  return name;
}
