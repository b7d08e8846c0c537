import type { SignedRequest } from '../../domain/index.ts';

export type Service = 'sts' | 'iam' | 'cloudformation';

export interface QueryRequest {
  readonly service: Service;
  readonly action: string;
  readonly version: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const services = ['sts', 'iam', 'cloudformation'] as const satisfies readonly Service[];

/** Null for what is no request of the query protocol: it names no action and nobody signed it. */
export function readQueryRequest(request: SignedRequest): QueryRequest | null {
  const query = new URLSearchParams(request.query);
  const form = isForm(request) ? new URLSearchParams(request.body.toString('utf8')) : new URLSearchParams();
  const parameters = new Map([...query, ...form]);
  const action = parameters.get('Action') ?? '';
  const scope = scopeOf(request.headers.authorization ?? '', query);
  if (action === '' && scope === null) return null;
  return { service: scope ?? 'sts', action, version: parameters.get('Version') ?? '', parameters };
}

function isForm({ method, headers }: SignedRequest): boolean {
  return method === 'POST' && /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

/**
 * The service of the credential's scope, which says what a client believes to talk to. One that is not offered here is
 * taken as STS, whose check of the scope then refuses it.
 */
function scopeOf(authorization: string, query: URLSearchParams): Service | null {
  const credential = /Credential=([^,\s]+)/.exec(authorization)?.[1] ?? query.get('X-Amz-Credential');
  if (credential === null || credential === undefined) return authorization === '' ? null : 'sts';
  const scope = credential.split('/').at(-2);
  return services.find((service) => service === scope) ?? 'sts';
}
