/** Pages of a list. A token names the last item of a page, so that what comes and goes meanwhile moves nobody else. */
import { createHash } from 'node:crypto';
import type { Call } from './call.ts';
import { type ApiError, fail, isError } from './errors.ts';

const pageMax = 100;

export interface Paged<T> {
  /** In order. */
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** The order of the keys. */
  readonly compare: (a: string, b: string) => number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | null;
}

export interface PageRequest {
  readonly maxResults: unknown;
  readonly nextToken: unknown;
}

/** `call` tells what the list is of: a token of another list is refused. */
export function pageOf<T>(call: Call, request: PageRequest, list: Paged<T>): Page<T> | ApiError {
  const size = sizeOf(request.maxResults);
  if (isError(size)) return size;
  const after = afterOf(call, request.nextToken);
  if (isError(after)) return after;
  const rest = after === null ? list.items : list.items.filter((item) => list.compare(list.keyOf(item), after) > 0);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return { items, nextToken: last !== undefined && rest.length > size ? tokenOf(call, list.keyOf(last)) : null };
}

export function ascending(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function descending(a: string, b: string): number {
  return ascending(b, a);
}

function sizeOf(value: unknown): number | ApiError {
  if (value === undefined || value === '') return pageMax;
  const size = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= pageMax) return size;
  return fail('InvalidParameterException', `maxResults must be a whole number from 1 to ${pageMax}.`);
}

function afterOf(call: Call, token: unknown): string | null | ApiError {
  if (token === undefined || token === '') return null;
  const wrong = fail('InvalidParameterException', 'The nextToken is not valid.');
  if (typeof token !== 'string' || !/^[\w-]+$/.test(token)) return wrong;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const key = text.slice(text.indexOf(' ') + 1);
  return tokenOf(call, key) === token ? key : wrong;
}

function tokenOf(call: Call, key: string): string {
  const { account, region } = call.place;
  const list = [call.operation, account, region, ...Object.values(call.path)].join(' ');
  const mark = createHash('sha256').update(`${list} ${key}`).digest('hex').slice(0, 12);
  return Buffer.from(`${mark} ${key}`).toString('base64url');
}
