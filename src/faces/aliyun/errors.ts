/** Every error of this API in one place: HTTP status, code, and the sentence it begins with. */

/** `ours`: the public documents give no code for this case. */
export const errorTable = {
  // the gateway's
  'InvalidApi.NotFound': { status: 404, message: 'Specified api is not found, please check your url and method.' },
  MissingAccessKeyId: { status: 400, message: 'AccessKeyId is mandatory for this action.' },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidTimeStamp.Format': { status: 400, message: 'Specified time stamp or date value is not well formatted.' },
  'InvalidTimeStamp.Expired': { status: 400, message: 'Specified time stamp or date value is expired.' },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not valid.' },
  IncompleteSignature: { status: 400, message: 'The request signature does not conform to the signature standard.' },
  SignatureDoesNotMatch: { status: 400, message: 'Specified signature is not matched with our calculation.' },
  'Forbidden.RAM': { status: 403, message: 'User not authorized to operate on the specified resource.' },
  'Throttling.User': { status: 429, message: 'Request was denied due to user flow control.' },
  'InvalidParameter.Format': { status: 400, message: 'The request could not be read.' },
  InvalidParameter: { status: 400, message: 'A parameter is not valid.' },
  MissingParameter: { status: 400, message: 'A mandatory parameter is missing.' },
  RequestTooLarge: { status: 413, message: 'The request body is too large.' },
  InternalServerError: { status: 500, message: 'The request processing has failed due to some unknown error.' },
  ServiceUnavailable: { status: 503, message: 'The request has failed due to a temporary failure of the server.' },
  // the product's
  InstanceNotFound: { status: 404, message: 'The instanceId provided does not exist.' },
  InstanceActivating: { status: 400, message: 'Instance is activating.' },
  InstanceStatusNotSupportCurrentAction: {
    status: 400,
    message: 'The cluster is running tasks or in an error status. Try again later.',
  },
  AlreadyReceivedInterruptSignal: { status: 400, message: 'Interrupt request is being processed, please be patient.' },
  IdempotentParameterMismatch: {
    status: 400,
    message: 'The clientToken was used before with other parameters.',
  },
  // what an upgrade is refused for; the codes of a dry run's items
  ClusterStatusNotHealth: { status: 400, message: 'The cluster status is not health.' },
  ClusterYamlNotCompatible: { status: 400, message: 'ClusterYamlNotCompatible.' },
  ClusterPluginsNotSupport: { status: 400, message: 'ClusterPluginsNotSupport.' },
  ClusterResourceNotEnough: { status: 400, message: 'ClusterResourceNotEnough.' },
  ClusterSnapshotNotAvaild: { status: 400, message: 'ClusterSnapshotNotAvaild.' },
  // ours
  UpgradeVersionNotSupported: { status: 400, message: 'The target version is not supported.' },
  CreateInstanceRefused: { status: 400, message: 'The instance cannot be created.' },
  SnapshotRefused: { status: 400, message: 'The snapshot cannot be taken.' },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** An expected end that is an error to the caller. `says` follows the documented sentence. */
export interface ApiError {
  readonly kind: 'error';
  readonly code: ErrorCode;
  readonly says?: string;
  readonly retryAfterMs?: number;
}

export function fail(code: ErrorCode, says?: string): ApiError {
  return says === undefined ? { kind: 'error', code } : { kind: 'error', code, says };
}

/** The body of an error answer. */
export function errorBody(error: ApiError, requestId: string, hostId: string) {
  const { message } = errorTable[error.code];
  return {
    RequestId: requestId,
    HostId: hostId,
    Code: error.code,
    Message: error.says === undefined ? message : `${message} ${error.says}`,
    Recommend: `See the message; the codes are described in the coverage page of this API (${error.code}).`,
  };
}
