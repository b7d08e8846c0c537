import type { Program } from './program.ts';

/** How many times faster than the wall a world goes whose cluster says nothing. */
export const usualSpeed = 10;
const speeds = { min: 0.1, max: 1_000 } as const;

const prefix = 'clusterlift:';
const speedTag = `${prefix}speed`;
const failTag = `${prefix}fail`;

type Tags = Readonly<Record<string, string>>;

export function speedOf(tags: Tags): number {
  const wanted = Number(tags[speedTag] ?? usualSpeed);
  return wanted >= speeds.min && wanted <= speeds.max ? wanted : usualSpeed;
}

/** Names out of what the tag lists, by commas or blanks. */
export function failuresOf(tags: Tags): readonly string[] {
  return (tags[failTag] ?? '').split(/[\s,+]+/).filter((name) => name !== '');
}

/** What is wrong with what the tags of a cluster ask for; each a sentence that says what is known. */
export function troublesWithTags(program: Program | undefined, engine: string, tags: Tags): readonly string[] {
  if (program === undefined) return [`The simulator has no ${engine} clusters.`];
  const known = Object.keys(program.failures).sort();
  const speed = tags[speedTag];
  const fast = speed === undefined ? usualSpeed : Number(speed.trim() === '' ? Number.NaN : speed);
  const wrongSpeed = !(fast >= speeds.min && fast <= speeds.max);
  return [
    ...(wrongSpeed
      ? [`The tag ${speedTag} says how many times faster than the clock, ${speeds.min} to ${speeds.max}: "${speed}" is not.`]
      : []),
    ...failuresOf(tags)
      .filter((name) => !known.includes(name))
      .map((name) => `The tag ${failTag} names "${name.slice(0, 60)}"; a simulated ${engine} cluster knows ${known.join(', ')}.`),
  ];
}
