import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorTable } from './errors.ts';
import { operations } from './routes.ts';
import { createWorld, type Face, openFace } from './testing.ts';
import { mistakesUnder, type OpenApiDocument, type OpenApiOperation } from './testing-document.ts';

let face: Face;
let document: OpenApiDocument;
beforeAll(async () => {
  face = await openFace(createWorld());
  document = await face.document();
});
afterAll(() => face.fastify.close());

function documented(): readonly (readonly [string, string, OpenApiOperation])[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
  );
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1, says where the API is and how one calls it', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: '/api/v1' }]);
    expect(document.security).toEqual([{ accessKey: [] }, { session: [] }]);
    expect(document.components.securitySchemes).toMatchObject({
      accessKey: { type: 'http', scheme: 'basic' },
      session: { type: 'apiKey', in: 'cookie', name: 'clusterlift_session' },
    });
    const open = documented().filter(([, , { security }]) => security?.length === 0);
    expect(open.map(([, , { operationId }]) => operationId)).toEqual(['openSession']);
  });

  it('has every operation, each once, and nothing else', () => {
    const expected = operations.map(({ id, method, path }) => `${id} ${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const found = documented().map(([path, method, operation]) => `${operation.operationId} ${method.toUpperCase()} ${path}`);
    expect([...found].sort()).toEqual([...expected, 'getDocument GET /openapi.json'].sort());
    expect(new Set(documented().map(([, , operation]) => operation.operationId)).size).toBe(found.length);
  });

  it('describes each operation: what it is for, what it takes, what it answers, and how it fails', () => {
    for (const [path, , operation] of documented()) {
      const where = operation.operationId;
      expect(operation.summary, where).toMatch(/^[A-Z].{6,}[^.]$/);
      expect(operation.tags, where).toHaveLength(1);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(inPath, where).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith('2')),
        where,
      ).toBe(true);
      expect(statuses, where).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
      for (const response of Object.values(operation.responses)) expect(response.description, where).not.toBe('Default Response');
    }
  });

  it('says what may be left out', () => {
    const byId = Object.fromEntries(documented().map(([, , operation]) => [operation.operationId, operation]));
    expect(byId.listUpgrades?.parameters?.map(({ name, required }) => [name, required === true])).toEqual([
      ['clusterId', false],
      ['unfinished', false],
      ['limit', false],
      ['before', false],
    ]);
    expect([byId.createAccessKey, byId.createSnapshot, byId.addCluster].map((one) => one?.requestBody?.required)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('has schemas that are schemas, and no reference that leads nowhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document as object, 'document');
    for (const name of Object.keys(document.components.schemas))
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` }), name).not.toThrow();
    const text = JSON.stringify(document);
    const references = [...new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''))];
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references)
      expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
  });

  it('gives an example of every error, each in the form of an error', () => {
    const seen = new Set<string>();
    for (const [, , operation] of documented()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        for (const [code, { value }] of Object.entries(response.content['application/json']?.examples ?? {})) {
          expect(mistakesUnder(document, ['components', 'schemas', 'Error'], value), code).toEqual([]);
          expect((value as { error: { code: string } }).error.code).toBe(code);
          expect(String(errorTable[code as keyof typeof errorTable].status)).toBe(status);
          seen.add(code);
        }
      }
    }
    // These two are told of paths and methods that are not in the document.
    const outside = ['no-such-path', 'wrong-method'];
    expect([...seen, ...outside].sort()).toEqual(Object.keys(errorTable).sort());
  });
});
