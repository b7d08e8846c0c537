import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly report: string | null;
  readonly keep: boolean;
  /** A folder that an earlier `--keep` left behind, to be ended and erased. */
  readonly end: string | null;
}

export const usage = `npm run demo -- [--report FILE] [--keep] [--end FOLDER]

  --report FILE   write the figures as JSON
  --keep          leave the server and the cluster running and say what to try next
  --end FOLDER    end what an earlier run with --keep left running, and erase it`;

export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { report: { type: 'string' }, keep: { type: 'boolean' }, end: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(usage);
    process.exit(0);
  }
  return { report: values.report ?? null, keep: values.keep ?? false, end: values.end ?? null };
}
