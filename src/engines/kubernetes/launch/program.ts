/**
 * A program of an artefact, wherever its layout has it: what we build keeps programs in `bin`, Kubernetes' own archive in
 * `server/bin`, etcd's at its top.
 */
export function program(name: string, flags: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', `${pathWith('${home}')}; exec ${name} "$@"`, name, ...flags];
}

/** Sets PATH so that the programs below these folders are found first. */
export function pathWith(...folders: readonly string[]): string {
  const found = folders.flatMap((folder) => [`${folder}/bin`, `${folder}/server/bin`, folder]);
  return `PATH="${found.join(':')}:$PATH"`;
}
