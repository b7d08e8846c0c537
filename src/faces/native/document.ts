/** The OpenAPI document, made from the schemas that requests are checked against. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { exampleOf } from './error-examples.ts';
import { type ErrorCode, errorBody, errorTable } from './errors.ts';
import type { Operation } from './operation.ts';
import {
  AuditEntry,
  CheckReport,
  Cluster,
  ErrorAnswer,
  ExportedObservation,
  Finding,
  Key,
  MemberTrial,
  Observation,
  Plan,
  Policy,
  Reason,
  Rehearsal,
  Release,
  ref,
  Session,
  Upgrade,
  UpgradeEvent,
} from './wire/index.ts';

export const sharedSchemas: readonly TSchema[] = [
  AuditEntry,
  CheckReport,
  Cluster,
  ErrorAnswer,
  ExportedObservation,
  Finding,
  Key,
  MemberTrial,
  Observation,
  Plan,
  Policy,
  Reason,
  Rehearsal,
  Release,
  Session,
  Upgrade,
  UpgradeEvent,
];

const description = `Register clusters, plan and start upgrades, and follow them.

A key with a policy calls an operation where its policy allows the action: \`clusterlift:\` and the operation's id
(\`clusterlift:StartUpgrade\`). The resource is \`cluster/NAME\` for what concerns one cluster, its plans and upgrades,
\`key/ID\` for a key, and \`*\` for all else.

Every answer is JSON, and every error has the same form. What waits or has stopped says why, and what would clear it.
Members of a query that are not known are ignored; members of a body that are not known are refused.`;

export function documentOptions(prefix: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Clusterlift', version: '1', description },
      servers: [{ url: prefix === '' ? '/' : prefix }],
      security: [{ accessKey: [] }, { session: [] }],
      tags: [
        { name: 'clusters', description: 'What is under our care.' },
        { name: 'plans', description: 'What an upgrade would do, and what holds it.' },
        { name: 'upgrades', description: 'Upgrades and what happens in them.' },
        { name: 'keys', description: 'Access keys.' },
        { name: 'changes', description: 'What changed, as it changes.' },
        { name: 'audit', description: 'Who did what.' },
        { name: 'sessions', description: 'Signing in in a browser.' },
        { name: 'releases', description: 'The catalog.' },
        { name: 'document', description: 'This document.' },
      ],
      components: {
        securitySchemes: {
          accessKey: {
            type: 'http',
            scheme: 'basic',
            description: 'The id of an access key as the user name, its secret as the password.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'clusterlift_session',
            description: 'What signing in has set. It goes with `x-clusterlift-console: 1` where something is changed.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (schema) => String(schema.$id) },
  };
}

/** Errors that any operation may end with. */
const everywhere: readonly ErrorCode[] = ['unauthenticated', 'plain-http', 'internal', 'unavailable'];
export function errorsOf({ method, admits, params, body, query, errors }: Operation): readonly ErrorCode[] {
  const named = Object.keys(params.properties).length > 0;
  const queried = Object.keys(query.properties).length > 0;
  const codes: readonly ErrorCode[] = [
    ...(body !== null || queried ? (['bad-input'] as const) : []),
    ...(body !== null ? (['unreadable-body', 'too-large', 'unsupported-media-type'] as const) : []),
    ...(named ? (['bad-url', 'not-found'] as const) : []),
    ...errors,
    ...(admits === 'by-policy' ? (['denied'] as const) : []),
    ...(method === 'GET' ? [] : (['foreign-page'] as const)),
    ...everywhere,
  ];
  return [...new Set(codes)];
}

export function routeSchema(operation: Operation): FastifySchema {
  const { params, query, body } = operation;
  return {
    operationId: operation.id,
    ...(operation.admits === 'anybody' ? { security: [] } : {}),
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(Object.keys(params.properties).length === 0 ? {} : { params }),
    ...(Object.keys(query.properties).length === 0 ? {} : { querystring: query }),
    ...(body === null ? {} : { body }),
    response: { ...answersOf(operation), ...errorAnswers(errorsOf(operation)) },
  } as FastifySchema;
}

function answersOf({ answers }: Operation) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        content: {
          ...(answer.schema === null ? {} : { 'application/json': { schema: answer.schema } }),
          ...(answer.events === undefined
            ? {}
            : { 'text/event-stream': { schema: { type: 'string', description: answer.events } } }),
        },
      },
    ]),
  );
}

/** One answer a status, with an example for each code that has it. */
function errorAnswers(codes: readonly ErrorCode[]) {
  const statuses = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorTable[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...statuses].map(([status, those]) => [
      status,
      {
        description: those.map((code) => `\`${code}\`: ${errorTable[code].when}`).join(' '),
        content: {
          'application/json': {
            schema: ref(ErrorAnswer),
            examples: Object.fromEntries(those.map((code) => [code, { value: errorBody(exampleOf(code)) }])),
          },
        },
      },
    ]),
  );
}

/** The document's own endpoint. */
export const documentSchema = {
  operationId: 'getDocument',
  tags: ['document'],
  summary: 'This document',
  response: {
    200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
    ...errorAnswers(everywhere),
  },
} as FastifySchema;

interface Written {
  readonly operationId?: string;
  readonly parameters?: readonly { required?: boolean; readonly schema?: { readonly default?: unknown } }[];
  readonly requestBody?: { required?: boolean };
}

/** What the generator says is required although it may be left out is mended here: a parameter with a default, some bodies. */
export function documentOf<D extends { readonly paths?: object }>(document: D, operations: readonly Operation[]): D {
  const optional = operations.filter((operation) => operation.bodyOptional).map((operation) => operation.id);
  for (const path of Object.values(document.paths ?? {}) as readonly Readonly<Record<string, Written>>[]) {
    for (const { operationId = '', parameters = [], requestBody } of Object.values(path)) {
      for (const parameter of parameters) if (parameter.schema?.default !== undefined) parameter.required = false;
      if (requestBody !== undefined && optional.includes(operationId)) requestBody.required = false;
    }
  }
  return document;
}
