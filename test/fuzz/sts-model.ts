/** The few calls of STS, IAM and CloudFormation that are offered, in the query protocol: their fields are members of a form. */
import type { Field, Operation } from './model.ts';

const calls = {
  GetCallerIdentity: { version: '2011-06-15', service: 'sts', fields: [] },
  GetUser: { version: '2010-05-08', service: 'iam', fields: ['UserName'] },
  ListStacks: { version: '2010-05-15', service: 'cloudformation', fields: ['NextToken', 'StackStatusFilter.member.1'] },
  DescribeStacks: { version: '2010-05-15', service: 'cloudformation', fields: ['StackName', 'NextToken'] },
} as const;

export function stsOperations(): readonly Operation[] {
  return Object.entries(calls).flatMap(([name, { version, fields }]) => {
    const members = (place: Field['place']): readonly Field[] => [
      { name: 'Action', place, type: { kind: 'text', words: [name] }, required: true },
      { name: 'Version', place, type: { kind: 'text', words: [version] }, required: true },
      ...fields.map((field) => ({ name: field, place, type: { kind: 'text' } }) as const),
    ];
    return [
      { name, method: 'POST', path: '/', fields: members('body') },
      { name: `${name} in the address`, method: 'GET', path: '/', fields: members('query') },
    ];
  });
}

/** The service that a call is signed for. */
export function serviceOf(operation: string): string {
  return calls[operation.split(' ')[0] as keyof typeof calls]?.service ?? 'sts';
}
