/** What looks like a secret in an observation, and what is put in its place. */

export const scrubbed = '(scrubbed)';
/** In place of what only its owner's names could be read from. */
export const leftOut = '(left out)';

/** A shorter one stands in too many words by chance. */
const knownSecretMin = 6;

const secretWords =
  'pass(?:word|wd|phrase|code)|secret|token|credential|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|encryption[_-]?key|keystore|truststore|authorization|auth[_-]?header|cookie|bearer|jwt|signature|secure_';
const secretName = new RegExp(`${secretWords}|(?:^|[._-])(?:sas|pwd|key|license)$`, 'i');

/** The value of a setting, a flag or a property of this name is nobody else's business. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g, scrubbed],
  // Up to the last @: a password may have one as well.
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'<>]*@/gi, '$1'],
  [/\b(bearer|basic|apikey|digest|negotiate)\s+[A-Za-z0-9+/_=.:~-]{4,}/gi, `$1 ${scrubbed}`],
  [
    new RegExp(`([\\w.-]{0,64}(?:${secretWords})[\\w.-]{0,64}["']?\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s,;&]+)`, 'gi'),
    `$1${scrubbed}`,
  ],
  [/\beyJ[\w-]{8,}(?:\.[\w-]+){1,4}/g, scrubbed],
  [/\b(?:AKIA|ASIA|LTAI)[A-Za-z0-9]{12,}\b/g, scrubbed],
];

/** Long and of every kind of character: nobody thought of it as a word. */
function isRandom(word: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(word)).length;
  return word.length >= 32 ? kinds >= 2 : kinds === 3;
}

export interface Scrubber {
  /** Of any text: what is written like a secret, and each secret of the cluster that is known. */
  text(text: string): string;
  /** Of the value of a setting, a flag or a property: what looks random as well. */
  value(name: string, value: string): string;
  /** Of an argument of a program, `-Dname=value`, `--name=value`. */
  argument(argument: string): string;
}

/** `known`: the secrets of the cluster, which must not be told wherever they stand. */
export function createScrubber(known: readonly string[]): Scrubber {
  const told = known
    .filter((secret) => secret.length >= knownSecretMin)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    .sort((a, b) => b.length - a.length);
  const text = (whole: string): string => {
    const plain = told.reduce((left, secret) => left.replaceAll(secret, scrubbed), whole);
    return patterns.reduce((left, [pattern, instead]) => left.replace(pattern, instead), plain);
  };
  const unguessable = (whole: string) => text(whole).replace(/[A-Za-z0-9+=]{20,}/g, (word) => (isRandom(word) ? scrubbed : word));
  const value = (name: string, whole: string) => (isSecretName(name) ? scrubbed : unguessable(whole));
  return {
    text,
    value,
    argument: (argument) => {
      // A secret may have a = in it: known ones go first.
      const whole = text(argument);
      const [, name, rest] = /^(-[^=\s]+)=([\s\S]*)$/.exec(whole) ?? [];
      return name === undefined || rest === undefined ? unguessable(whole) : `${name}=${value(name, rest)}`;
    },
  };
}
