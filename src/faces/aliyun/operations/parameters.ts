/** Reading parameters: each end is a value, or an error that names the parameter. */
import { createHash } from 'node:crypto';
import { type Call, queryValue } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { shown } from '../text.ts';

const clientTokenMax = 64;

/** Null where none was sent. */
export function clientTokenOf(call: Pick<Call, 'query'>): string | null | ApiError {
  const token = queryValue(call, 'clientToken') ?? '';
  if (token === '') return null;
  if (token.length > clientTokenMax || !/^[\x20-\x7e]+$/.test(token))
    return fail('InvalidParameter', `clientToken must be at most ${clientTokenMax} printable ASCII characters.`);
  return token;
}

/**
 * `dryRun` in any letter case of key and value, wherever it stands: a request that means a dry run must never start an
 * upgrade. Anything but true and false is an error, and so are two that contradict each other.
 */
export function dryRunOf(call: Pick<Call, 'query' | 'body'>): boolean | ApiError {
  const named: readonly (readonly [string, unknown])[] = [...call.query, ...call.body.mentions];
  if (named.some(([, value]) => typeof value === 'string' && strayDryRun.test(value)))
    return fail('InvalidParameter', 'dryRun stands inside the value of another parameter.');
  const read = named.filter(([name]) => isDryRun(name)).map(([, value]) => booleanOf(value));
  if (read.includes(null)) return fail('InvalidParameter', 'dryRun must be true or false.');
  if (new Set(read).size > 1) return fail('InvalidParameter', 'dryRun was sent as true and as false.');
  return read[0] ?? false;
}

/** `dry_run`, `DryRun.1` and an escaped `dryRun=true` are meant as well; their values decide, or are refused. */
function isDryRun(name: string): boolean {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .startsWith('dryrun');
}

/** `?clientToken=a?dryRun=true`: a hand that joined the parts of an address wrongly. */
const strayDryRun = /dry[_-]?run["']?\s*[=:]/i;

export function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text === 'true') return true;
  return text === 'false' ? false : null;
}

/** A text member of the body; undefined where it is missing, null or empty. */
export function textOf(call: Pick<Call, 'body'>, name: string): string | undefined | ApiError {
  const value = call.body.members[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return fail('InvalidParameter', `${name} must be a text.`);
  return value;
}

/** A whole number from a query text or a body member, within bounds. */
export function wholeOf(value: unknown, name: string, bounds: { readonly min: number; readonly max: number }): number | ApiError {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < bounds.min || number > bounds.max)
    return fail(
      'InvalidParameter',
      `${name} must be a whole number from ${bounds.min} to ${bounds.max}; it was "${shown(value)}".`,
    );
  return number;
}

export function isError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error';
}

/** The same for the same parameters, in whatever order they were sent. */
export function hashOf(parameters: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonical(parameters)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** Items of a page; pages begin at 1. */
export function pageOf<T>(items: readonly T[], call: Call, usual: number): readonly T[] | ApiError {
  const page = wholeOf(queryValue(call, 'page') ?? '1', 'page', { min: 1, max: 1_000_000 });
  const size = wholeOf(queryValue(call, 'size') ?? String(usual), 'size', { min: 1, max: 100 });
  if (typeof page !== 'number') return page;
  if (typeof size !== 'number') return size;
  return items.slice((page - 1) * size, page * size);
}
