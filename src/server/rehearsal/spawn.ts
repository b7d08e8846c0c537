import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Rehearsing, RunRehearsal } from '../../control/index.ts';
import type { Catalog, EngineName, Log, RehearsalJob, RehearsalReport } from '../../domain/index.ts';
import type { FromRehearsal, ToRehearsal } from './messages.ts';

/** `clusterlift server rehearsal` is how a server starts it; nobody else does. */
export const rehearsalWord = 'rehearsal';

/** From being told that it is enough: the run in hand is finished. */
const enoughTimeoutMs = 30_000;
const heapMaxMb = 1_024;
/** What the program itself asks for; nothing else of the server's environment is handed on, which may hold secrets. */
const handedOn = ['PATH', 'HOME', 'TMPDIR', 'CLUSTERLIFT_USE_DIST'] as const;

export function spawnRehearsal(catalogs: Readonly<Record<EngineName, Catalog>>, log: Log): RunRehearsal {
  return (job, rehearsing) => reportFrom(start(), job, catalogs[job.cluster.engine], rehearsing, log);
}

function start(): ChildProcess {
  const bin = fileURLToPath(new URL('../../../bin/clusterlift.js', import.meta.url));
  const env = Object.fromEntries(
    handedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return fork(bin, ['server', rehearsalWord], {
    env,
    execArgv: [`--max-old-space-size=${heapMaxMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function reportFrom(
  child: ChildProcess,
  job: RehearsalJob,
  catalog: Catalog,
  { signal, onRun }: Rehearsing,
  log: Log,
): Promise<RehearsalReport> {
  const send = (message: ToRehearsal) => child.connected && child.send(message);
  return new Promise((resolve, reject) => {
    let killing: NodeJS.Timeout | null = null;
    const enough = () => {
      send({ kind: 'enough' });
      killing = setTimeout(() => child.kill('SIGKILL'), enoughTimeoutMs);
    };
    const over = () => {
      signal.removeEventListener('abort', enough);
      if (killing !== null) clearTimeout(killing);
      if (child.connected) child.disconnect();
    };
    child.on('message', (message: FromRehearsal) => {
      if (message.kind === 'ready') {
        send({ kind: 'rehearse', job, catalog });
        if (signal.aborted) enough();
        else signal.addEventListener('abort', enough, { once: true });
      } else if (message.kind === 'run') onRun(message.made, message.of);
      else {
        over();
        if (message.kind === 'report') return resolve(message.report);
        log.error({ cluster: job.cluster.id, because: message.because }, 'A rehearsal failed.');
        reject(new Error('The rehearsal failed; the log of the server says why.'));
      }
    });
    child.once('error', (error) => {
      over();
      reject(error);
    });
    child.once('exit', (code, killedBy) => {
      over();
      reject(new Error(`The process of the rehearsal ended before its report (${killedBy ?? `exit code ${code}`}).`));
    });
  });
}
