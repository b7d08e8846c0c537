/** Texts in which names stand among other words: values of settings, arguments, sentences. */
import type { Names } from './names.ts';
import { leftOut } from './secrets.ts';

/** Numbers with a unit, versions, yes and no, and words that Elasticsearch has for its own settings. */
const plain =
  /^(?:-?\d+(?:\.\d+)*(?:%|[kmgtp]?b|nanos|micros|ms|[smhdw])?|true|false|null|all|none|primaries|new_primaries|replicas|strict|wait|indices|zen|single-node|single_node|netty4|security4|zone|hot|warm|cold|frozen|content|master|data|ingest|_all|_local_|_site_|_global_|\*|)$/;

/** Of these settings the part behind them is a name that somebody chose. */
const namedParts = [
  /^((?:cluster|search)\.remote)\.([^.]+)(\..*)$/,
  /^(xpack\.security\.authc\.realms(?:\.[a-z_]+)?)\.([^.]+)(\..*)$/,
  /^((?:s3|azure|gcs)\.client)\.([^.]+)(\..*)$/,
  /^(xpack\.[a-z.]+\.account)\.([^.]+)(\..*)$/,
  /^(xpack\.(?:monitoring|http)\.[a-z.]*exporters)\.([^.]+)(\..*)$/,
] as const;

/** What is neither plain nor a name that is replaced stays with its owner. */
export function anonymousValue(names: Names, value: string): string {
  const pieces = value.split(/([,;\s[\]"]+)/);
  return pieces
    .map((piece, position) => (position % 2 === 1 || plain.test(piece) ? piece : (names.known(piece) ?? leftOut)))
    .join('');
}

export function anonymousSettings(names: Names, settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [anonymousSettingName(names, name), anonymousValue(names, value)]),
  );
}

function anonymousSettingName(names: Names, name: string): string {
  for (const pattern of namedParts) {
    const [, before, part, after] = pattern.exec(name) ?? [];
    if (part !== undefined) return `${before}.${names.of('name', part)}${after}`;
  }
  return name;
}

/** Switches and figures of the JVM stay, for they tell how it starts. */
export function anonymousArgument(names: Names, argument: string): string {
  if (/^-X(?:[a-z]+\d+[kmgt]?|X:[+-][A-Za-z0-9]+|X:[A-Za-z0-9]+=[0-9.]+[kmgt]?%?)$/.test(argument)) return argument;
  const [, name, value] = /^(-[^=]*)=(.*)$/.exec(argument) ?? [];
  if (name !== undefined && value !== undefined) return `${name}=${anonymousValue(names, value)}`;
  return /^--?[a-z][a-z-]*$/.test(argument) ? argument : leftOut;
}

/** The beginning of a sentence of ours says what it is about, and checks ask for that; the rest may be anybody's words. */
export function anonymousSentence(names: Names, sentence: string): string {
  const head = sentence.split(':')[0] ?? '';
  const told = head.split(' ').map((word) => names.known(word) ?? (/^[a-z]+$/.test(word) ? word : leftOut));
  return `${told.join(' ')}: ${leftOut}`;
}
