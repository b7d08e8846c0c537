/** Every error of this API in one place: HTTP status, and the members beside `message`. Unset ones are null, never absent. */

const cluster = ['clusterName'] as const;
const whole = ['clusterName', 'nodegroupName', 'addonName', 'subscriptionId'] as const;
const fargate = ['clusterName', 'nodegroupName', 'fargateProfileName', 'addonName', 'subscriptionId'] as const;

export const errorTable = {
  ClientException: { status: 400, members: whole },
  InvalidParameterException: { status: 400, members: fargate },
  InvalidRequestException: { status: 400, members: whole },
  InvalidStateException: { status: 400, members: cluster },
  BadRequestException: { status: 400, members: [] },
  AccessDeniedException: { status: 403, members: [] },
  NotFoundException: { status: 404, members: [] },
  ResourceNotFoundException: { status: 404, members: fargate },
  ResourceInUseException: { status: 409, members: ['clusterName', 'nodegroupName', 'addonName'] },
  ServerException: { status: 500, members: whole },
  ServiceUnavailableException: { status: 503, members: [] },
  // of the gateway before the service
  MissingAuthenticationTokenException: { status: 403, members: [] },
  IncompleteSignatureException: { status: 403, members: [] },
  UnrecognizedClientException: { status: 403, members: [] },
  InvalidSignatureException: { status: 403, members: [] },
  RequestEntityTooLargeException: { status: 413, members: [] },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly members: readonly string[] }>>;

export type ErrorCode = keyof typeof errorTable;
type MemberName = (typeof fargate)[number];

/** What an error is about, in the members that its shape has. */
export type About = Readonly<Partial<Record<MemberName, string>>>;

/** An expected end that is an error to the caller. */
export interface ApiError {
  readonly kind: 'error';
  readonly code: ErrorCode;
  readonly says: string;
  readonly about: About;
}

export function fail(code: ErrorCode, says: string, about: About = {}): ApiError {
  return { kind: 'error', code, says, about };
}

export function isError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error';
}

/** The body of an error answer. Its code stands in a header only. */
export function errorBody({ code, says, about }: ApiError): Readonly<Record<string, string | null>> {
  const members = errorTable[code].members.map((name) => [name, about[name] ?? null]);
  return { ...Object.fromEntries(members), message: says };
}
