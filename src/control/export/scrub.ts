import { isSecretName, type Scrubber, scrubbed } from './secrets.ts';

/** Members whose members have names that others chose. */
const settings: readonly string[] = ['settings', 'persistentSettings', 'transientSettings', 'labels'];
const argumentLists: readonly string[] = ['jvmOptions', 'jvmInputArguments', 'flags'];
/** Members that hold one of a few words of ours: a password that is such a word is not to be read from them. */
const words: readonly string[] = ['format', 'engine', 'kind', 'state', 'status', 'roles', 'component', 'flavor', 'mode', 'level'];

/** The same without what looks like a secret. Names stay as they are. */
export function scrub<T>(document: T, scrubber: Scrubber): T {
  return within(document, scrubber) as T;
}

function within(value: unknown, scrubber: Scrubber): unknown {
  if (typeof value === 'string') return scrubber.text(value);
  if (Array.isArray(value)) return value.map((item) => within(item, scrubber));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (words.includes(name)) return [name, member];
      if (settings.includes(name) && isMap(member)) return [name, settingsWithin(member, scrubber)];
      if (argumentLists.includes(name)) return [name, argumentsWithin(member, scrubber)];
      return [scrubber.text(name), within(member, scrubber)];
    }),
  );
}

function settingsWithin(map: Readonly<Record<string, unknown>>, scrubber: Scrubber): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [scrubber.text(name), scrubber.value(name, String(value))]),
  );
}

/** A flag and its value may be two arguments. */
function argumentsWithin(value: unknown, scrubber: Scrubber): unknown {
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, argumentsWithin(member, scrubber)]));
  if (!Array.isArray(value)) return value;
  const texts = value.map(String);
  return texts.map((argument, position) => {
    const before = texts[position - 1] ?? '';
    const isValue = !argument.startsWith('-') && /^--?[^=]+$/.test(before) && isSecretName(before);
    return isValue ? scrubbed : scrubber.argument(argument);
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
