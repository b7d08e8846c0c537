import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ArtefactSource, type Launch, type Release, showRelease } from '../../domain/index.ts';
import { type Account, accountOf } from './account.ts';
import { type Fetching, readyHome } from './artefact.ts';
import { type Jdk, pickJdk } from './java.ts';
import { findProgram, programMissing } from './program.ts';

/** Most systems have a package of it. */
const usualJava = 17;

/** Where on this machine a launch finds what it needs, and whom it runs as. */
export interface Places {
  /** Empty for a program of the machine. */
  readonly home: string;
  readonly java: string;
  /** Folder of each tool, by name. */
  readonly tools: Readonly<Record<string, string>>;
  /** The path of a program of the machine, instead of its name; null where the command has its own artefact. */
  readonly program: string | null;
  readonly account: Account | null;
  readonly platform: NodeJS.Platform;
}

export interface Machine extends Fetching {
  readonly jdks: () => readonly Jdk[];
  readonly usualAccount: Account | null;
  readonly platform: NodeJS.Platform;
}

/** A text says why the launch cannot be run here. */
export function placesOf(launch: Launch, { cacheDir, jdks, usualAccount, platform }: Machine): Places | string {
  const account = accountOf(launch, usualAccount);
  const tools: Record<string, string> = {};
  for (const { name, release, artefacts } of launch.tools ?? []) {
    const found = artefacts.length === 0 ? folderOf(findProgram(name)) : homeOf(cacheDir, artefacts);
    if (found === null) return artefacts.length === 0 ? programMissing(name) : notFetched(`${name} `, release, artefacts);
    tools[name] = found;
  }
  const [first = ''] = launch.command;
  // A command that begins with a placeholder is no name of a program.
  const ofMachine = launch.artefacts.length === 0 && !first.startsWith('${');
  const program = ofMachine ? findProgram(first) : null;
  if (ofMachine && program === null) return programMissing(first);
  const home = launch.artefacts.length === 0 ? '' : homeOf(cacheDir, launch.artefacts, launch.programs);
  if (home === null) return notFetched('', launch.release, launch.artefacts);
  const places = { home, java: '', tools, program, account, platform };
  if (launch.java === null) return places;
  const found = jdks();
  const jdk = pickJdk(found, launch.java);
  return jdk === undefined ? javaMissing(launch.release, launch.java, found) : { ...places, java: jdk.home };
}

/** The first that lies ready and has these programs. */
export function homeOf(cacheDir: string, artefacts: readonly ArtefactSource[], programs: readonly string[] = []): string | null {
  const homes = artefacts.flatMap((source) => readyHome(cacheDir, source) ?? []);
  return homes.find((home) => programs.every((name) => hasProgram(home, name))) ?? null;
}

/** What we build keeps programs in `bin`, Kubernetes' own archive in `server/bin`, etcd's at its top. */
function hasProgram(home: string, name: string): boolean {
  return ['bin', 'server/bin', '.'].some((folder) => existsSync(join(home, folder, name)));
}

export function javaMissing(release: Release, { min, max }: NonNullable<Launch['java']>, found: readonly Jdk[]): string {
  const usual = min <= usualJava && usualJava <= max ? usualJava : min;
  const here = found.map(({ feature }) => feature).join(', ') || 'none';
  return (
    `${showRelease(release)} needs Java ${min} to ${max}; here is ${here}. Install one, for example the package ` +
    `openjdk-${usual}-jre-headless, or name its folder with \`javaHomes\` in the configuration.`
  );
}

function folderOf(program: string | null): string | null {
  return program === null ? null : dirname(program);
}

function notFetched(name: string, release: Release, artefacts: readonly ArtefactSource[]): string {
  const built = artefacts.some((source) => source.kind === 'component');
  const says = `${name}${showRelease(release)} has not been fetched to this host`;
  return built ? `${says}: prefetch it, or run \`npm run components\`.` : `${says}.`;
}
