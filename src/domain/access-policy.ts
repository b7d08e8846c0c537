/** What a key may do, in the spelling of IAM. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** `eks:UpdateClusterVersion`, `eks:Describe*`, `*`. */
  readonly Action: string | readonly string[];
  /** A whole name (`arn:aws:eks:*:*:cluster/prod-*`), or its end alone (`cluster/prod-*`), or `*`. */
  readonly Resource: string | readonly string[];
}

/** `implicit-deny`: nothing allows it. `explicit-deny`: a statement forbids it, whatever another allows. */
export type PolicyVerdict = 'allowed' | 'implicit-deny' | 'explicit-deny';

/**
 * Whether a policy lets an action be done to a resource, which is named in full (`arn:aws:eks:...:cluster/prod-1`) where
 * its API has such names. A key without a policy may do everything.
 */
export function judgeByPolicy(policy: PolicyDocument | null, action: string, resource: string): PolicyVerdict {
  if (policy === null) return 'allowed';
  const fitting = listOf(policy.Statement).filter(
    (statement) =>
      listOf(statement.Action).some((pattern) => fits(pattern.toLowerCase(), action.toLowerCase())) &&
      listOf(statement.Resource).some((pattern) => fitsResource(pattern, resource)),
  );
  if (fitting.some((statement) => statement.Effect === 'Deny')) return 'explicit-deny';
  return fitting.some((statement) => statement.Effect === 'Allow') ? 'allowed' : 'implicit-deny';
}

export function allows(policy: PolicyDocument | null, action: string, resource: string): boolean {
  return judgeByPolicy(policy, action, resource) === 'allowed';
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** How many colons stand before the end that names the thing itself. */
const colonsBefore = { arn: 5, acs: 4 } as const;

function fitsResource(pattern: string, resource: string): boolean {
  return fits(pattern, isWhole(pattern) ? resource : endOf(resource));
}

function isWhole(name: string): boolean {
  return /^(arn|acs):/.test(name);
}

function endOf(resource: string): string {
  if (!isWhole(resource)) return resource;
  return resource
    .split(':')
    .slice(resource.startsWith('arn:') ? colonsBefore.arn : colonsBefore.acs)
    .join(':');
}

/** `*` is any text and `?` any one character. Never goes back further than the last star, so that no pattern takes long. */
function fits(pattern: string, text: string): boolean {
  let [at, place, star, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const sign = pattern[place];
    if (sign === '*') {
      [star, starAt] = [place, at];
      place += 1;
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      [place, at] = [star + 1, starAt];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(place));
}
