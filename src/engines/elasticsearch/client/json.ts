/** Reading answers whose shape differs by version: every step says what is there, nothing is guessed. */
export type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

export function number(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
}

export function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => text(item) ?? []);
  const single = text(value);
  return single === null ? [] : single.split(',').map((item) => item.trim());
}

/** `{a: {b: 1}}` becomes `{'a.b': '1'}`; lists become comma-separated texts. */
export function flat(value: unknown, prefix = ''): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, item] of Object.entries(object(value))) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (Array.isArray(item)) out[name] = texts(item).join(',');
    else if (typeof item === 'object' && item !== null) Object.assign(out, flat(item, name));
    else if (text(item) !== null) out[name] = text(item) ?? '';
  }
  return out;
}
