/** A line that begins like one that Go programs, etcd or a balancer write: then only some of their kinds tell of trouble. */
const marked =
  /^([IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ |\{"level":"|\[(NOTICE|WARNING|ALERT)\]\s+\(|flag provided but |Error: unknown )/;
const trouble =
  /^([EF]\d{4} \d\d:|\{"level":"(error|fatal|panic|dpanic)"|\[ALERT\]|flag provided but |Error: |panic: |fatal error: )/;
const warning = /^(W\d{4} \d\d:|\{"level":"warn"|\[WARNING\])/;
/** When and by whom, before what was said. */
const header = /^([IWEF]\d{4} \S+ +\d+ |\[ALERT\]\s+\(\d+\) : )/;

/**
 * Of the log of a program that marks its lines by how bad they are: those that tell of trouble, else those that warn, else
 * all, each once. Null where lines have no such marks: words alone would find trouble in half of what a Kubernetes component says.
 */
export function tellingLines(lines: readonly string[]): readonly string[] | null {
  if (!lines.some((line) => marked.test(line))) return null;
  const whole = joined(lines);
  const bad = whole.filter((line) => trouble.test(line));
  const told = bad.length > 0 ? bad : whole.filter((line) => warning.test(line));
  const lastSaid = new Map<string, string>();
  // What is tried again is said again: it would leave no room for the rest.
  for (const line of told.map(plain)) {
    const words = line.replace(header, '');
    lastSaid.delete(words);
    lastSaid.set(words, line);
  }
  return lastSaid.size === 0 ? lines : [...lastSaid.values()];
}

/** A value of several lines (`err=<`, lines that begin with a tab, ` >`) belongs to the line that it began on. */
function joined(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let open = false;
  for (const line of lines) {
    const last = whole.at(-1);
    if (open && last !== undefined && (line.startsWith('\t') || line === ' >'))
      whole[whole.length - 1] = `${last} ${line.trim()}`;
    else whole.push(line);
    open = line.endsWith('=<') || (open && line.startsWith('\t'));
  }
  return whole;
}

/** etcd writes JSON with a stack trace: what is wrong, and why, is enough. */
function plain(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, error } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const words = [msg, error].filter((word) => typeof word === 'string' && word !== '');
    return `${level}: ${words.join(': ')}`;
  } catch {
    return line;
  }
}
