import { type ApiError, type ErrorCode, fail } from '../errors.ts';

const tagsMax = 50;
const keyMax = 128;
const valueMax = 256;

/** Null where a cluster or a node group may have these tags. */
export function tagTrouble(tags: Readonly<Record<string, string>>, code: ErrorCode): ApiError | null {
  const names = Object.keys(tags);
  if (names.length > tagsMax) return fail(code, `A resource has at most ${tagsMax} tags.`);
  if (names.some((name) => name === '' || name.length > keyMax)) return fail(code, `A tag key has 1 to ${keyMax} characters.`);
  if (names.some((name) => /^aws:/i.test(name))) return fail(code, 'A tag key must not begin with aws: .');
  if (Object.values(tags).some((value) => value.length > valueMax))
    return fail(code, `A tag value has at most ${valueMax} characters.`);
  return null;
}
