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

const options = {
  report: { type: 'string' },
  keep: { type: 'boolean' },
  end: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Ends the process where help was asked for, or an option is not right. */
export function readOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help !== true) return { report: values.report ?? null, keep: values.keep ?? false, end: values.end ?? null };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  process.exit(0);
}
