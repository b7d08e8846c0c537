/** Tokens of service accounts: what is issued for one, and whose a token is. */
import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import { type ApiserverProcess, newUid, read, type Stored, timeAt, type World } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { found, missing } from './objects-api.ts';
import { badRequest, conflict, invalid, notFound, ok, status } from './status.ts';
import type { Target } from './target.ts';

const secondsUsual = 3_600;
const secondsMin = 600;
const secondsMax = 2 ** 32;

const Request = Type.Object({
  spec: Type.Optional(
    Type.Object({
      audiences: Type.Optional(Type.Union([Type.Null(), Type.Array(Type.String())])),
      expirationSeconds: Type.Optional(Type.Union([Type.Null(), Type.Integer()])),
      boundObjectRef: Type.Optional(
        Type.Union([Type.Null(), Type.Object({ kind: Type.String(), name: Type.String(), uid: Type.Optional(Type.String()) })]),
      ),
    }),
  ),
});

const Named = Type.Object({ name: Type.String(), uid: Type.String() });
const Claims = Type.Object({
  aud: Type.Array(Type.String()),
  exp: Type.Integer(),
  nbf: Type.Integer(),
  iss: Type.String(),
  'kubernetes.io': Type.Object({
    namespace: Type.String(),
    serviceaccount: Named,
    pod: Type.Optional(Named),
    secret: Type.Optional(Named),
    node: Type.Optional(Named),
  }),
});

/** What a token can be bound to: it ends with that. */
const bound = { Pod: 'pod', Secret: 'secret', Node: 'node' } as const;

export function issueToken(ask: Ask, target: Target): ApiResponse {
  const { world, apiserver, moment } = ask;
  const account = found(ask, target);
  if (account === undefined) return missing(target);
  const { keys } = apiserver;
  if (keys === null) return status(403, 'Forbidden', 'this apiserver was started without the keys of service accounts');
  const asked = requestIn(ask);
  if (asked === null) return badRequest('the body is no TokenRequest');
  const seconds = asked.expirationSeconds ?? secondsUsual;
  if (seconds < secondsMin || seconds > secondsMax) {
    const says =
      seconds < secondsMin
        ? 'may not specify a duration less than 10 minutes'
        : 'may not specify a duration larger than 2^32 seconds';
    return invalid('authentication.k8s.io', 'TokenRequest', '', 'spec.expirationSeconds', `Invalid value: ${seconds}: ${says}`);
  }
  const to = asked.boundObjectRef == null ? {} : boundTo(ask, target, asked.boundObjectRef);
  if (isAnswer(to)) return to;
  const audiences = asked.audiences?.length ? asked.audiences : [keys.issuer];
  const now = keys.nowSeconds();
  const { name, uid } = account.object.metadata;
  const token = keys.sign({
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: keys.issuer,
    jti: newUid(moment.random),
    'kubernetes.io': { namespace: target.namespace, ...to, serviceaccount: { name, uid } },
    nbf: now,
    sub: `system:serviceaccount:${target.namespace}:${name}`,
  });
  const expirationTimestamp = `${new Date((now + seconds) * 1_000).toISOString().slice(0, 19)}Z`;
  const metadata = { name, namespace: target.namespace, creationTimestamp: timeAt(world, moment.nowMs) };
  const spec = { audiences, expirationSeconds: seconds, boundObjectRef: asked.boundObjectRef ?? null };
  const answer = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata, spec };
  return ok({ ...answer, status: { token, expirationTimestamp } }, 201);
}

interface Asked {
  readonly audiences?: readonly string[] | null;
  readonly expirationSeconds?: number | null;
  readonly boundObjectRef?: Bound | null;
}

interface Bound {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
}

function requestIn({ request: { body } }: Ask): Asked | null {
  try {
    const value: unknown = body.trim() === '' ? {} : JSON.parse(body);
    return Check(Request, value) ? (value.spec ?? {}) : null;
  } catch {
    return null;
  }
}

function isAnswer(value: object): value is ApiResponse {
  return 'status' in value;
}

/** The claim that binds it, or why it cannot be bound to that. */
function boundTo({ world }: Ask, { namespace, name: account }: Target, { kind, name, uid }: Bound): ApiResponse | object {
  const claim = bound[kind as keyof typeof bound] as (typeof bound)[keyof typeof bound] | undefined;
  if (claim === undefined) return badRequest(`cannot bind token for serviceaccount "${account}" to object type ${kind}`);
  const object = boundObject(world, claim, namespace, name);
  if (object === undefined) return notFound('', `${claim}s`, name);
  const { serviceAccountName = 'default' } = (object.object.spec ?? {}) as { readonly serviceAccountName?: string };
  if (claim === 'pod' && serviceAccountName !== account)
    return badRequest(`cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`);
  const { uid: is = '' } = object.object.metadata;
  if (uid !== undefined && uid !== '' && uid !== is) {
    const says = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    return conflict('', `${claim}s`, name, says);
  }
  return { [claim]: { name, uid: is } };
}

function boundObject(world: World, claim: string, namespace: string, name: string): Stored | undefined {
  return read(world, `/${claim}s`, claim === 'node' ? '' : namespace, name);
}

export interface Holder {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

/** Null: it is none of this cluster, it has run out, or what it stands for is gone. `audiences` empty: of the API itself. */
export function holderOf(
  world: World,
  { keys }: ApiserverProcess,
  token: string,
  audiences: readonly string[] = [],
): Holder | null {
  const claims = keys === null ? null : claimsIn(keys.read, token);
  if (keys === null || claims === null) return null;
  const now = keys.nowSeconds();
  if (claims.iss !== keys.issuer || claims.exp <= now || claims.nbf > now) return null;
  const wanted = audiences.length === 0 ? [keys.issuer] : audiences;
  if (!claims.aud.some((one) => wanted.includes(one))) return null;
  const { namespace, serviceaccount, ...others } = claims['kubernetes.io'];
  const still = (resource: string, place: string, { name, uid }: { readonly name: string; readonly uid: string }) =>
    read(world, resource, place, name)?.object.metadata.uid === uid;
  if (!still('/serviceaccounts', namespace, serviceaccount)) return null;
  for (const [claim, to] of Object.entries(others))
    if (to !== undefined && !still(`/${claim}s`, claim === 'node' ? '' : namespace, to)) return null;
  return {
    user: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
    uid: serviceaccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

function claimsIn(readToken: NonNullable<ApiserverProcess['keys']>['read'], token: string) {
  try {
    const claims = readToken(token);
    return Check(Claims, claims) ? claims : null;
  } catch {
    return null;
  }
}

/** The status of a TokenReview. */
export function reviewOfToken({ world, apiserver }: Ask, spec: Readonly<Record<string, unknown>>): object {
  const audiences = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
  const holder = holderOf(world, apiserver, String(spec.token ?? ''), audiences);
  if (holder === null) return { user: {}, error: '[invalid bearer token]' };
  const { user: username, uid, groups } = holder;
  return {
    authenticated: true,
    user: { username, uid, groups },
    audiences: audiences.length === 0 ? [apiserver.keys?.issuer] : audiences,
  };
}
