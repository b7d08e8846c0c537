export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of one metric in what `/metrics` answers. */
export function samplesOf(text: string, name: string): readonly Sample[] {
  const samples: Sample[] = [];
  let at = text.startsWith(name) ? 0 : afterBreak(text.indexOf(`\n${name}`));
  // Far the most of a long text is of other metrics: it is not taken apart.
  while (at !== -1) {
    const end = text.indexOf('\n', at);
    const sample = sampleOf(text.slice(at + name.length, end === -1 ? undefined : end));
    if (sample !== null) samples.push(sample);
    at = end === -1 ? -1 : afterBreak(text.indexOf(`\n${name}`, end));
  }
  return samples;
}

function afterBreak(at: number): number {
  return at === -1 ? -1 : at + 1;
}

/** What stands behind the name; null where the name itself goes on. */
function sampleOf(rest: string): Sample | null {
  const parts = /^(\{.*\})? (\S+)/.exec(rest);
  if (parts === null) return null;
  const labels = [...(parts[1] ?? '').matchAll(label)].map(([, key = '', value = '']) => [key, unescaped(value)] as const);
  return { labels: Object.fromEntries(labels), value: Number(parts[2]) };
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
