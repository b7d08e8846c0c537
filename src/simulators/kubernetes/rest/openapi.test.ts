import { describe, expect, it } from 'vitest';
import { startServer } from './testing.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Described>> };
}
interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly additionalProperties?: Described;
  readonly $ref?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[];
}

const prefix = '#/components/schemas/';

function documentOf(server: ReturnType<typeof startServer>, root: string): Document {
  const { body, status } = server.ask('GET', `/openapi/v3/${root}`);
  expect(status, root).toBe(200);
  return body as unknown as Document;
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : referencesIn(inner)));
}

/** What a field is, `spec.containers.image`. */
function fieldOf({ components: { schemas } }: Document, kind: string, path: string): Described {
  const resolved = (one: Described): Described => (one.$ref === undefined ? one : (schemas[one.$ref.slice(prefix.length)] ?? {}));
  const top = Object.values(schemas).find((one) => one['x-kubernetes-group-version-kind']?.[0]?.kind === kind);
  return path.split('.').reduce((at: Described, name) => {
    const field = resolved(at).properties?.[name] ?? {};
    return resolved(field.items ?? field);
  }, top ?? {});
}

describe('the description of the API', () => {
  it('has a schema of every kind in every root, and whatever one refers to', () => {
    const server = startServer();
    const { paths } = server.ask('GET', '/openapi/v3').body as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/metrics.k8s.io/v1beta1']));
    for (const [root, { serverRelativeURL }] of Object.entries(paths)) {
      expect(serverRelativeURL).toMatch(`/openapi/v3/${root}?hash=`);
      const found = documentOf(server, root);
      const kinds = Object.values(found.paths).map((path) => path.post ?? path.patch);
      const described = new Set(
        Object.values(found.components.schemas).flatMap((one) =>
          (one['x-kubernetes-group-version-kind'] ?? []).map((of) => JSON.stringify(of)),
        ),
      );
      for (const of of kinds) expect(described, root).toContain(JSON.stringify(of?.['x-kubernetes-group-version-kind']));
      const missing = referencesIn(found).filter((to) => found.components.schemas[to.slice(prefix.length)] === undefined);
      expect(missing, root).toEqual([]);
    }
  });

  it('knows the types of fields, also of those that stand in others, and says of what it does not know that it is an object', () => {
    const server = startServer();
    const apps = documentOf(server, 'apis/apps/v1');
    expect(fieldOf(apps, 'Deployment', 'spec.replicas')).toEqual({ type: 'integer' });
    expect(fieldOf(apps, 'Deployment', 'spec.template.spec.containers.image')).toEqual({ type: 'string' });
    expect(fieldOf(apps, 'Deployment', 'spec.strategy.rollingUpdate.maxSurge')).toMatchObject({ format: 'int-or-string' });
    expect(fieldOf(apps, 'Deployment', 'spec.template.spec.volumes.configMap.name')).toEqual({ type: 'string' });
    expect(fieldOf(apps, 'Deployment', 'metadata.labels')).toEqual({ type: 'object', additionalProperties: { type: 'string' } });
    // Its fields are not known.
    const extensions = documentOf(server, 'apis/apiextensions.k8s.io/v1');
    expect(fieldOf(extensions, 'CustomResourceDefinition', 'spec')).toEqual({ type: 'object' });
  });

  it('tells what the owner of a definition says of his kind, under an address that changes with it', () => {
    const server = startServer();
    const addresses = () => JSON.stringify((server.ask('GET', '/openapi/v3').body as { paths: object }).paths);
    const before = addresses();
    const properties = {
      spec: { type: 'object', properties: { spokes: { type: 'integer', description: 'As many as it has.' } } },
    };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties } } }];
    const names = { plural: 'wheels', kind: 'Wheel' };
    const spec = { group: 'bikes.example.org', scope: 'Namespaced', names, versions };
    const metadata = { name: 'wheels.bikes.example.org' };
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata, spec };
    expect(server.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition).status).toBe(201);
    server.pass(5_000);
    const described = documentOf(server, 'apis/bikes.example.org/v1');
    expect(fieldOf(described, 'Wheel', 'spec.spokes')).toEqual({ type: 'integer', description: 'As many as it has.' });
    expect(addresses()).not.toBe(before);
  });

  it('is told as JSON alone where older clients ask for it', () => {
    const server = startServer();
    const { body, status } = server.ask('GET', '/openapi/v2', '', { accept: 'application/json' });
    expect(status).toBe(200);
    const { definitions } = body as { definitions: Record<string, Described> };
    expect(Object.keys(definitions)).toEqual(expect.arrayContaining(['apps.v1.Deployment', 'v1.Pod']));
    expect(referencesIn(body).filter((to) => definitions[to.slice('#/definitions/'.length)] === undefined)).toEqual([]);
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    expect(server.ask('GET', '/openapi/v2', '', { accept }).status).toBe(406);
  });
});
