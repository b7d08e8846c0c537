import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { tellingLines } from './telling-lines.ts';

const tailBytes = 512 * 1024;
const linesMax = 12;
const lineMaxChars = 400;

/** What a JVM logs of itself, `[3.780s][warning][cds] ...`: never why a program would not start. */
const ofTheJvm = /^\[[\d.]+s\]\[(warning|info|debug)\s*\]/;

/**
 * What a process said last that helps a person: headlines and causes, no stack frames. `from`: where its log began in the
 * file, which may hold what others said before it.
 */
export function lastLines(file: string, from = 0): readonly string[] {
  if (!existsSync(file)) return [];
  const lines = tail(file, from)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !ofTheJvm.test(line) && !/^\s+(at |\.\.\. \d+ more|~\[)/.test(line) && !/^\tat /.test(line));
  const telling =
    tellingLines(lines) ??
    lines.filter((line) =>
      /(Exception|Error|FATAL|unknown setting|Caused by|Suppressed|refused|cannot|could not|failed|failure|^\[\d+\]: )/i.test(
        line,
      ),
    );
  return (telling.length > 0 ? telling : lines).slice(-linesMax).map((line) => line.trim().slice(0, lineMaxChars));
}

function tail(file: string, from: number): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    // A file that is shorter was set aside meanwhile.
    const length = Math.min(from <= size ? size - from : size, tailBytes);
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
