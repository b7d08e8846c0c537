/** Operations of Alibaba Cloud Elasticsearch: what its official client sends when every member of a request is set. */
import { createRequire } from 'node:module';
import { routes } from '../../src/faces/aliyun/routes.ts';
import type { Field, Member, Operation, Type } from './model.ts';

// These packages are CommonJS, and what `import` makes of them differs between Node and the test runner.
const require = createRequire(import.meta.url);
const openapi = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core');
const models = require('@alicloud/elasticsearch20170613') as Readonly<Record<string, unknown>> & {
  readonly default: typeof import('@alicloud/elasticsearch20170613').default;
};

interface ModelClass {
  new (members?: Readonly<Record<string, unknown>>): object;
  types(): Readonly<Record<string, unknown>>;
  names(): Readonly<Record<string, string>>;
}

interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Method = (...of: readonly unknown[]) => Promise<unknown>;

/** A mark for each member of a request: where it comes out on the wire tells where the client puts it. */
const marks = { string: 'mark', number: 7, boolean: true } as const;

export async function aliyunOperations(): Promise<readonly Operation[]> {
  return Promise.all(
    routes.map(async ({ name, method, path }) => ({ name, method, path: `/openapi${path}`, fields: await fieldsOf(name, path) })),
  );
}

async function fieldsOf(name: string, path: string): Promise<readonly Field[]> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, label = '']) => label);
  const request = requestClass(name);
  const sent = await whatIsSent(name, inPath, request);
  const body = sent.body as Readonly<Record<string, unknown>> | undefined;
  const types = request === null ? {} : request.types();
  const names = request === null ? {} : request.names();
  const fields: Field[] = inPath.map((label) => ({ name: label, place: 'path', type: { kind: 'text' } }));
  for (const [member, wire] of Object.entries(names)) {
    const type = typeOf(types[member]);
    const [query] = Object.keys(sent.query ?? {}).filter((key) => key === wire || key.startsWith(`${wire}.`));
    if (query !== undefined) fields.push({ name: wire, place: 'query', type });
    else if (isBodyItself(body, wire)) fields.push({ name: wire, place: 'body', type });
  }
  return fields;
}

/** `body` of a request is the body as a whole: it is then named nowhere. */
function isBodyItself(body: Readonly<Record<string, unknown>> | undefined, wire: string): boolean {
  return body !== undefined && (Object.hasOwn(body, wire) || wire === 'body');
}

function requestClass(name: string): ModelClass | null {
  const known = models[`${name.charAt(0).toUpperCase()}${name.slice(1)}Request`];
  return known === undefined ? null : (known as ModelClass);
}

async function whatIsSent(name: string, inPath: readonly string[], request: ModelClass | null): Promise<Sent> {
  const config = { accessKeyId: 'id', accessKeySecret: 'secret', endpoint: '127.0.0.1:1', protocol: 'http' };
  const client = new models.default(new openapi.$OpenApiUtil.Config(config));
  const seen: Sent[] = [];
  const spied = Object.assign(client, {
    callApi: async (_: unknown, sent: Sent) => {
      seen.push(sent);
      return { headers: {}, body: {}, statusCode: 200 };
    },
  }) as unknown as Readonly<Record<string, Method>>;
  const call = spied[name.charAt(0).toLowerCase() + name.slice(1)];
  if (call === undefined) return {};
  await call.apply(client, [...inPath, ...(request === null ? [] : [filled(request)])]);
  return seen[0] ?? {};
}

function filled(model: ModelClass): object {
  return new model(Object.fromEntries(Object.entries(model.types()).map(([member, type]) => [member, filling(type)])));
}

function filling(type: unknown): unknown {
  if (typeof type === 'string') return marks[type as keyof typeof marks] ?? 'mark';
  if (typeof type === 'function') return filled(type as ModelClass);
  const { type: kind, itemType } = type as { readonly type: string; readonly itemType?: unknown };
  return kind === 'array' ? [filling(itemType)] : { mark: 'mark' };
}

function typeOf(type: unknown): Type {
  if (type === 'number') return { kind: 'number' };
  if (type === 'boolean') return { kind: 'flag' };
  if (typeof type === 'string') return type === 'any' ? { kind: 'anything' } : { kind: 'text' };
  if (typeof type === 'function') return { kind: 'structure', members: membersOf(type as ModelClass) };
  const { type: kind, itemType } = type as { readonly type: string; readonly itemType?: unknown };
  return kind === 'array' ? { kind: 'list', of: typeOf(itemType) } : { kind: 'map', of: { kind: 'text' } };
}

function membersOf(model: ModelClass): readonly Member[] {
  const types = model.types();
  return Object.entries(model.names()).map(([member, wire]) => ({ name: wire, type: typeOf(types[member]) }));
}
