/** What a cluster answered, with names in place of what differs from run to run. */
export interface Told {
  readonly status: number;
  /** Parsed where it is JSON, else the text as it came. */
  readonly body: unknown;
}

/** Text or pattern in an answer, and what stands for it. */
export type Stand = readonly [what: string | RegExp, stands: string];

const moments: readonly Stand[] = [[/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '(time)']];

export function normalised(body: unknown, stands: readonly Stand[]): unknown {
  if (typeof body === 'string') return replaced(body, stands);
  if (Array.isArray(body)) return body.map((item) => normalised(item, stands));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, item]) => [replaced(name, stands), normalised(item, stands)]));
}

function replaced(text: string, stands: readonly Stand[]): string {
  return [...stands, ...moments].reduce((so, [what, stand]) => (what === '' ? so : so.replaceAll(what, stand)), text);
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The named fields of an object, those that are there. */
export function pick(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const from = object(value);
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** A refusal as far as a caller can tell by it what went wrong: the status, the type, the words. */
export function refusal({ status, body }: Told): unknown {
  const { error } = object(body);
  return { status, says: typeof body === 'string' ? body : typeof error === 'object' ? pick(error, ['type', 'reason']) : error };
}
