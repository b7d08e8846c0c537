import { join } from 'node:path';
import type { Launch } from '../../../domain/index.ts';
import { flatten, type NewProcess, parseSettingsFile, type World } from '../world/index.ts';

/** What follows is no flag of the virtual machine any more. */
const classPath = '-cp';
const settingsFile = 'elasticsearch.yml';

type Flat = Readonly<Record<string, string>>;

/** A launch as a process of the simulated world: its settings file read, its flags, its folder. A text says why there is none. */
export function processOf(world: World, launch: Launch, scratch: boolean): NewProcess | string {
  const folders = foldersOf(launch);
  const settings = settingsOf(world, launch, folders);
  if (typeof settings === 'string') return settings;
  return {
    release: launch.release,
    settings,
    jvmArguments: jvmArgumentsOf(launch),
    folder: scratch ? `trial of ${folders.data}` : folders.data,
  };
}

interface Folders {
  readonly conf: string;
  readonly data: string;
  readonly logs: string;
}

/** Where a member of which its owner laid out nothing lies on a simulated host. */
export function foldersOf({ clusterId, member, folders }: Pick<Launch, 'clusterId' | 'member' | 'folders'>): Folders {
  const root = `/simulated/${clusterId}/${member}`;
  const own = { conf: `${root}/conf`, data: `${root}/data`, logs: `${root}/logs` };
  return folders === null ? own : { ...folders, conf: folders.conf ?? own.conf };
}

/** Written with the launch, or the owner's own file, used where it lies or copied and changed for a trial. */
function settingsOf(world: World, launch: Launch, folders: Folders): Flat | string {
  const fill = (text: string) =>
    text.replaceAll('${conf}', folders.conf).replaceAll('${data}', folders.data).replaceAll('${logs}', folders.logs);
  const written = launch.files.find((file) => file.path === join('conf', settingsFile));
  if (written !== undefined) return parseSettingsFile(fill(written.text)) ?? `${settingsFile} of ${launch.member} is not YAML`;
  const from = launch.copies.find((copy) => copy.from.startsWith('/') && copy.to === 'conf')?.from ?? folders.conf;
  const owners = world.settingsFiles.get(from);
  if (owners === undefined) return `there is no ${settingsFile} in ${from}`;
  const { overlay } = launch;
  if (overlay === undefined) return owners;
  const kept = Object.entries(owners).filter(([name]) => !overlay.remove.includes(name));
  const set = Object.entries(flatten(overlay.set)).map(([name, value]) => [name, fill(value)]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(set) };
}

/** 5, 6 and 7 have them on the command line, 8 and 9 in `jvm.options.d`. */
function jvmArgumentsOf(launch: Launch): readonly string[] {
  const end = launch.command.indexOf(classPath);
  const direct = end < 0 ? [] : launch.command.slice(1, end).filter((word) => word.startsWith('-'));
  const written = launch.files
    .filter((file) => file.path.startsWith('conf/jvm.options.d/'))
    .flatMap((file) => file.text.split('\n').filter((line) => line.startsWith('-')));
  return [...direct, ...written];
}
