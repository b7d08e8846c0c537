import { fail, type QueryError } from './errors.ts';
import type { QueryRequest } from './request.ts';
import type { Result } from './result.ts';

export type Answer = Result | QueryError;

/** A caller as AWS names its users. */
export interface Identity {
  readonly arn: string;
  readonly userId: string;
  /** Twelve digits. */
  readonly account: string;
}

type Action = (identity: Identity, parameters: ReadonlyMap<string, string>) => Answer;

const actions: Readonly<Record<QueryRequest['service'], Readonly<Record<string, Action>>>> = {
  sts: {
    GetCallerIdentity: ({ arn, userId, account }) => ({
      kind: 'result',
      action: 'GetCallerIdentity',
      members: { Arn: arn, UserId: userId, Account: account },
    }),
  },
  iam: {
    // Terraform asks this first; being denied it, it asks STS.
    GetUser: ({ arn }) => fail('AccessDenied', `User: ${arn} is not authorized to perform: iam:GetUser on resource: ${arn}`),
  },
  cloudformation: {
    // eksctl looks for the stack that it would have made a cluster with. There are none here.
    ListStacks: () => ({ kind: 'result', action: 'ListStacks', members: { StackSummaries: [] } }),
    DescribeStacks: (_, parameters) => {
      const name = parameters.get('StackName');
      if (name === undefined) return { kind: 'result', action: 'DescribeStacks', members: { Stacks: [] } };
      return fail('ValidationError', `Stack with id ${name} does not exist`);
    },
  },
};

/** A version that nobody gave is the only one there is. */
const versions = { sts: '2011-06-15', iam: '2010-05-08', cloudformation: '2010-05-15' } as const;

/** Asking who one is needs no permission, and the others tell nothing: no policy is asked. */
export function answerAction(request: QueryRequest, identity: Identity): Answer {
  const { service, action, version, parameters } = request;
  if (action === '') return fail('MissingAction');
  const known = Object.hasOwn(actions[service], action) ? actions[service][action] : undefined;
  if (known === undefined || (version !== '' && version !== versions[service]))
    return fail(
      'InvalidAction',
      `Could not find operation ${action} for version ${version === '' ? 'NO_VERSION_SPECIFIED' : version}`,
    );
  return known(identity, parameters);
}
