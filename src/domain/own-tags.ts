/** Tags of a cluster that Clusterlift itself heeds begin so. */
const prefix = 'clusterlift:';

/** Says of a cluster that it runs on a simulated host. */
export const simulatedTag = `${prefix}simulated`;

/** What a launch carries of a cluster's tags; nothing where there are none. */
export function ownTags(tags: Readonly<Record<string, string>>): { readonly tags?: Readonly<Record<string, string>> } {
  const own = Object.entries(tags).filter(([key]) => key.startsWith(prefix));
  return own.length === 0 ? {} : { tags: Object.fromEntries(own) };
}

/** A tag that says what a cluster is, and that nobody can give or take away. */
export const simulatedTagFixed = `The tag ${simulatedTag} says what a cluster is: it can neither be set nor removed.`;

/** Whether a change of tags would make a cluster say otherwise what it is. */
export function changesWhatItIs(before: Tags, after: Tags): boolean {
  return before[simulatedTag] !== after[simulatedTag];
}

/** The tags after a change, saying as before what the cluster is. */
export function sayingWhatItIs(before: Tags, after: Tags): Tags {
  const { [simulatedTag]: _, ...others } = after;
  const said = before[simulatedTag];
  return said === undefined ? others : { ...others, [simulatedTag]: said };
}

type Tags = Readonly<Record<string, string>>;
