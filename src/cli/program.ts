import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { addClusterAdd } from './cluster/add.ts';
import { addClusterExport } from './cluster/export.ts';
import { addClusterKubeconfig } from './cluster/kubeconfig.ts';
import { addClusterList } from './cluster/list.ts';
import { addClusterRemove } from './cluster/remove.ts';
import { addClusterShow } from './cluster/show.ts';
import { addClusterSnapshot } from './cluster/snapshot.ts';
import { addCompletion } from './completion/print.ts';
import { addContextList } from './context/list.ts';
import { addLogin } from './context/login.ts';
import { addContextRemove } from './context/remove.ts';
import { addContextUse } from './context/use.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor/look.ts';
import { addEvents } from './events/show.ts';
import { addKeyCreate } from './key/create.ts';
import { addKeyList } from './key/list.ts';
import { addKeyRevoke } from './key/revoke.ts';
import { addCheck } from './plan/check.ts';
import { addPlan } from './plan/make.ts';
import { addRehearse } from './rehearse/make.ts';
import { addReleaseList } from './release/list.ts';
import type { Run } from './run.ts';
import { addServer } from './server.ts';
import type { Shell } from './shell.ts';
import { addUpgradeCancel } from './upgrade/cancel.ts';
import { addUpgradeContinue } from './upgrade/continue.ts';
import { addUpgradeList } from './upgrade/list.ts';
import { addUpgradePause } from './upgrade/pause.ts';
import { addUpgradeResume } from './upgrade/resume.ts';
import { addUpgradeRollback } from './upgrade/rollback.ts';
import { addUpgradeShow } from './upgrade/show.ts';
import { addUpgradeStart } from './upgrade/start.ts';
import { addUpgradeWatch } from './upgrade/watch.ts';

const nouns = [
  {
    name: 'cluster',
    does: 'Clusters under care',
    verbs: [
      addClusterAdd,
      addClusterList,
      addClusterShow,
      addClusterSnapshot,
      addClusterKubeconfig,
      addClusterExport,
      addClusterRemove,
    ],
  },
  {
    name: 'upgrade',
    does: 'Lift a cluster, and see how it goes',
    verbs: [
      addUpgradeStart,
      addUpgradeList,
      addUpgradeShow,
      addUpgradeWatch,
      addUpgradePause,
      addUpgradeResume,
      addUpgradeContinue,
      addUpgradeCancel,
      addUpgradeRollback,
    ],
  },
  { name: 'release', does: 'What clusters can be lifted to', verbs: [addReleaseList] },
  { name: 'key', does: 'Access keys of the server', verbs: [addKeyCreate, addKeyList, addKeyRevoke] },
] as const;

/** Every command, in the order of the help. */
export function createProgram(run: Run, runAlone: Run, shell: Shell): Command {
  const program = new Command('clusterlift')
    .description('Lifts a running cluster to its next version while it keeps serving.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ showGlobalOptions: true, helpWidth: shell.out.columns ?? helpWidth })
    .configureOutput({
      writeOut: (text) => shell.out.write(text),
      writeErr: (text) => shell.err.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
    })
    .showHelpAfterError('See --help.')
    .exitOverride()
    .option('--url <address>', 'address of the server (CLUSTERLIFT_URL; default http://127.0.0.1:7171)')
    .option('--key-id <id>', 'id of the access key (CLUSTERLIFT_ACCESS_KEY_ID)')
    .option('--context <name>', 'a context that login kept, in place of the current one (CLUSTERLIFT_CONTEXT)')
    .addOption(
      new Option('--output <format>', 'for people or for programs').choices(['table', 'wide', 'json', 'yaml']).default('table'),
    )
    .addHelpText('after', afterHelp);
  addServer(program);
  addDemo(program);
  for (const { name, does, verbs } of nouns.slice(0, 1)) addNoun(program, name, does, verbs, run);
  addCheck(program, run);
  addPlan(program, run);
  addRehearse(program, run);
  for (const { name, does, verbs } of nouns.slice(1)) addNoun(program, name, does, verbs, run);
  addEvents(program, run);
  addLogin(program, runAlone);
  addNoun(program, 'context', 'Servers and keys that login kept', [addContextList, addContextUse, addContextRemove], runAlone);
  addDoctor(program, runAlone);
  addCompletion(program, runAlone);
  return program;
}

type AddVerb = (noun: Command, run: Run) => void;

function addNoun(program: Command, name: string, does: string, verbs: readonly AddVerb[], run: Run): void {
  const noun = program.command(name).description(does);
  for (const add of verbs) add(noun, run);
}

const helpWidth = 110;

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const afterHelp = `
Environment:
  CLUSTERLIFT_URL                  address of the server
  CLUSTERLIFT_ACCESS_KEY_ID        id of the access key
  CLUSTERLIFT_SECRET_ACCESS_KEY    its secret; there is no option for it, because others would see it in the list of processes
  CLUSTERLIFT_CONTEXT              name of the context to use, where no key is set here
  CLUSTERLIFT_CONFIG               file of the contexts (default ~/.clusterlift/config)
  NO_COLOR                         set to anything: no colours

Exit codes:
  0    it worked; the upgrade is done
  1    the server said no, or could not be reached; doctor: something is missing
  2    the command line, a file or a value is not right
  3    findings hold the upgrade, or checks could not run
  4    the upgrade stopped and needs a person
  5    the upgrade ended otherwise: paused, at a gate, cancelled, went back by itself
  130  Ctrl-C while watching or following

Examples:
  clusterlift doctor
  clusterlift login --url https://lift.example.com
  clusterlift cluster add logs.yaml
  clusterlift plan logs 6.7.0
  clusterlift upgrade start logs 6.7.0 --watch
`;
