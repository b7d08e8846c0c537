/** Tags of a cluster that Clusterlift itself heeds begin so. */
const prefix = 'clusterlift:';

/** Says of a cluster that it runs on a simulated host. */
export const simulatedTag = `${prefix}simulated`;

/** What a launch carries of a cluster's tags; nothing where there are none. */
export function ownTags(tags: Readonly<Record<string, string>>): { readonly tags?: Readonly<Record<string, string>> } {
  const own = Object.entries(tags).filter(([key]) => key.startsWith(prefix));
  return own.length === 0 ? {} : { tags: Object.fromEntries(own) };
}
