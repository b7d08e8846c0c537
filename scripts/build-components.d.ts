/** Builds those that are missing. Gives the names of those that could not be built, with the reason. */
export function componentsReady(
  names: readonly string[],
  says?: (line: string) => void,
): Promise<{ name: string; because: string }[]>;
