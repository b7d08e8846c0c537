import type { Launch } from '../../../domain/index.ts';
import { type NewProcess, parseSettingsFile, type World } from '../world/index.ts';

/** The first argument that is no flag of the virtual machine. */
const classPath = '-cp';

/** A launch as a process of the simulated world: its settings file read, its flags, its folder. A text says why there is none. */
export function processOf(world: World, launch: Launch, scratch: boolean): NewProcess | string {
  const folders = foldersOf(launch);
  const written = launch.files.find((file) => file.path === 'conf/elasticsearch.yml')?.text;
  const text = written ?? world.settingsFiles.get(folders.conf);
  if (text === undefined) return `there is no elasticsearch.yml in ${folders.conf}`;
  const settings = parseSettingsFile(replaced(text, folders));
  if (settings === null) return `elasticsearch.yml in ${folders.conf} is not YAML`;
  if (!scratch) world.settingsFiles.set(folders.conf, text);
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
export function foldersOf(launch: Pick<Launch, 'clusterId' | 'member' | 'folders'>): Folders {
  const root = `/simulated/${launch.clusterId}/${launch.member}`;
  return launch.folders ?? { conf: `${root}/conf`, data: `${root}/data`, logs: `${root}/logs` };
}

function replaced(text: string, { conf, data, logs }: Folders): string {
  return text.replaceAll('${conf}', conf).replaceAll('${data}', data).replaceAll('${logs}', logs);
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
