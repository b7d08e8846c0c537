import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Two versions of Kubernetes' API have it, alike in all that is read here. */
const apiVersions = ['authentication.k8s.io/v1', 'authentication.k8s.io/v1beta1'] as const;

const TokenReview = Compile(
  Type.Object({
    apiVersion: Type.Union(apiVersions.map((version) => Type.Literal(version))),
    kind: Type.Literal('TokenReview'),
    spec: Type.Object({ token: Type.String() }),
  }),
);

export type Review =
  | { readonly kind: 'review'; readonly apiVersion: string; readonly token: string }
  | { readonly kind: 'unreadable'; readonly says: string };

export interface User {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** `says` goes into the apiserver's log. */
export type ReviewAnswer =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'unknown'; readonly says: string | null };

export function readReview(body: unknown): Review {
  let value: unknown;
  try {
    value = JSON.parse(typeof body === 'string' ? body : '');
  } catch {
    return { kind: 'unreadable', says: 'The body is not JSON.' };
  }
  if (!TokenReview.Check(value))
    return { kind: 'unreadable', says: `The body is no TokenReview of ${apiVersions.join(' or ')}.` };
  return { kind: 'review', apiVersion: String(value.apiVersion), token: value.spec.token };
}

/** Without the token: it is not sent back. */
export function reviewAnswer({ apiVersion }: Extract<Review, { kind: 'review' }>, answer: ReviewAnswer) {
  const status =
    answer.kind === 'user'
      ? { authenticated: true, user: answer.user }
      : { authenticated: false, ...(answer.says === null ? {} : { error: answer.says }) };
  return { apiVersion, kind: 'TokenReview', status };
}
