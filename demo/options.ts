import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly story: string;
  readonly report: string | null;
  readonly keep: boolean;
  /** On simulated clusters, although real ones could be started. */
  readonly simulate: boolean;
  /** A folder that an earlier `--keep` left behind, to be ended and erased. */
  readonly end: string | null;
}

export type ReadOptions =
  | { readonly kind: 'options'; readonly options: DemoOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly says: string };

export interface StoryLine {
  readonly name: string;
  readonly says: string;
}

const parameters = {
  report: { type: 'string' },
  keep: { type: 'boolean' },
  simulate: { type: 'boolean' },
  end: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** The first story is told when none is named. */
export function readOptions(args: readonly string[], stories: readonly StoryLine[]): ReadOptions {
  const usage = usageOf(stories);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: parameters, allowPositionals: true });
    if (values.help === true) return { kind: 'help', text: usage };
    const [story = stories[0]?.name ?? '', ...more] = positionals;
    if (!stories.some(({ name }) => name === story)) return { kind: 'wrong', says: `There is no story ${story}.\n\n${usage}` };
    if (more.length > 0) return { kind: 'wrong', says: `One story at a time.\n\n${usage}` };
    const { report = null, keep = false, simulate = false, end = null } = values;
    return { kind: 'options', options: { story, report, keep, simulate, end } };
  } catch (error) {
    return { kind: 'wrong', says: `${error instanceof Error ? error.message : String(error)}\n\n${usage}` };
  }
}

function usageOf(stories: readonly StoryLine[]): string {
  const width = Math.max(...stories.map(({ name }) => name.length));
  return [
    'npm run demo -- [STORY] [--report FILE] [--simulate] [--keep] [--end FOLDER]',
    '',
    ...stories.map(({ name, says }, index) => `  ${name.padEnd(width)}   ${says}${index === 0 ? ' (the usual one)' : ''}`),
    '',
    '  --report FILE   write the figures as JSON',
    '  --simulate      on simulated clusters, as where what real ones need is missing',
    '  --keep          leave the server and the cluster running and say what to try next',
    '  --end FOLDER    end what an earlier run with --keep left running, and erase it',
  ].join('\n');
}
