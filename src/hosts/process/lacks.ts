import { type ArtefactSource, type Launch, type Release, showRelease } from '../../domain/index.ts';
import { hindranceOf, readyHome } from './artefact.ts';
import { pickJdk } from './java.ts';
import { homeOf, javaMissing, type Machine } from './places.ts';
import { findProgram, programMissing } from './program.ts';

/** What this machine lacks to carry a launch out and cannot get by itself. Nothing is fetched or made. */
export function lacking(launch: Launch, machine: Machine): readonly string[] {
  const { release, artefacts, programs = [], java, command, tools = [] } = launch;
  const [first = ''] = command;
  const jdks = java === null ? [] : machine.jdks();
  return [
    ...tools.flatMap((tool) => withoutHome(machine, tool.release, tool.artefacts, tool.name, [])),
    ...withoutHome(machine, release, artefacts, first.startsWith('${') ? null : first, programs),
    ...(java === null || pickJdk(jdks, java) !== undefined ? [] : [javaMissing(release, java, jdks)]),
  ];
}

/** `name`: of the program that it is where it has no artefact. */
function withoutHome(
  machine: Machine,
  release: Release,
  artefacts: readonly ArtefactSource[],
  name: string | null,
  programs: readonly string[],
): readonly string[] {
  if (artefacts.length === 0) return name === null || findProgram(name) !== null ? [] : [programMissing(name)];
  if (homeOf(machine.cacheDir, artefacts, programs) !== null) return [];
  const hindrances = artefacts
    .filter((source) => readyHome(machine.cacheDir, source) === null)
    .map((source) => hindranceOf(machine, artefacts, source));
  if (programs.length > 0) return [programsMissing(release, programs, hindrances)];
  if (hindrances.includes(null)) return [];
  // A component is named whole, `etcd-3.6.16`: what its release is called says less.
  const isNamed = artefacts.some(({ kind }) => kind === 'component');
  return [[...(isNamed ? [] : [`${showRelease(release)} cannot be run here.`]), ...hindrances].join(' ')];
}

/** What an archive has is only known once it lies ready: one that could be fetched is no promise. */
function programsMissing(release: Release, programs: readonly string[], hindrances: readonly (string | null)[]): string {
  const remedies = hindrances.filter((says) => says?.includes('npm run components') === true);
  const remedy = remedies.length > 0 ? remedies.join(' ') : 'Name a source that has it in the catalog.';
  return `Nothing of ${showRelease(release)} that lies ready here has ${programs.join(', ')}; official archives are without it. ${remedy}`;
}
