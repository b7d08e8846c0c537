import { Command } from 'commander';
import { addressInUrl, type Log } from '../domain/index.ts';
import { type Composition, compose, type Life } from './compose.ts';
import { type Config, type Flags, readConfig } from './config.ts';
import { firstKey } from './first-key.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { newName, newSecret, now } from './outside.ts';
import { rehearsalWord, runRehearsal } from './rehearsal/index.ts';
import { runSimulator, simulatorWord } from './simulator/index.ts';

const usage = 2;

/** `clusterlift server`: runs until SIGTERM or SIGINT. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === simulatorWord) return runSimulator(argv[1] ?? '.', Number(argv[2] ?? 0));
  if (argv[0] === rehearsalWord) return runRehearsal();
  const flags = parseFlags(argv);
  const result = readConfig(flags, process.env, process.getuid?.() === 0);
  if (result.kind === 'invalid') {
    for (const error of result.errors) process.stderr.write(`${error}\n`);
    process.exitCode = usage;
    return;
  }
  const log = createLog(result.config.logLevel);
  const life = liveUntilSignal(log);
  try {
    await run(result.config, log, life);
  } catch (error) {
    if (life.ending.aborted) process.exit(await life.end);
    log.error({ err: error }, `The server could not start: ${whyNot(error, result.config)}`);
    process.exit(1);
  }
}

function whyNot(error: unknown, { listen, listenTls }: Config): string {
  const { code, port } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException & { readonly port?: number };
  const ofTls = listenTls !== null && port === listenTls.port && port !== listen.port;
  const at = ofTls ? listenTls : listen;
  const give = ofTls ? 'give another --listen-tls (off: none)' : 'give another --listen';
  if (code === 'EADDRINUSE') return `${addressInUrl(at.address)}:${at.port} is taken. Stop who listens there, or ${give}.`;
  if (code === 'EADDRNOTAVAIL') return `${at.address} is no address of this machine. G${give.slice(1)}.`;
  return error instanceof Error ? error.message : String(error);
}

function parseFlags(argv: readonly string[]): Flags {
  return new Command('clusterlift server')
    .description('Runs the server: the public APIs, and the loop that lifts clusters.')
    .option('--listen <address:port>', 'where to listen (CLUSTERLIFT_LISTEN; default 127.0.0.1:7171)')
    .option('--listen-tls <address:port>', 'where to speak TLS besides, or off (CLUSTERLIFT_LISTEN_TLS; default 127.0.0.1:7172)')
    .option('--state-dir <folder>', 'where everything lies that must survive (CLUSTERLIFT_STATE_DIR)')
    .option('--config <file>', 'a config file, YAML or JSON')
    .option('--simulate', 'make clusters on a simulated host: nothing real is started (CLUSTERLIFT_SIMULATE=1)')
    .addHelpText(
      'after',
      `
Environment:
  CLUSTERLIFT_LISTEN, CLUSTERLIFT_LISTEN_TLS                         as the options and keys of these names
  CLUSTERLIFT_STATE_DIR, CLUSTERLIFT_CACHE_DIR                       likewise
  DATABASE_URL                                                       a PostgreSQL instead of the embedded one
  CLUSTERLIFT_DOWNLOADS=1                                            download official archives of Kubernetes that is not built here
  CLUSTERLIFT_SECRET_KEY_FILE                                        the key that seals secrets there; shared by its servers
  CLUSTERLIFT_ACCESS_KEY_ID, CLUSTERLIFT_SECRET_ACCESS_KEY           the first access key; made and shown once if not set`,
    )
    .parse(argv as string[], { from: 'user' })
    .opts<Flags>();
}

/** Whatever throws while the server is ending was cut off by that: what is up has been given back. */
async function run(config: Config, log: Log, life: ServerLife): Promise<void> {
  const composition = await compose(config, log, life);
  const fastify = await open(config, log, composition).catch(async (error: unknown) => {
    await composition.close();
    throw error;
  });
  if (fastify === null) {
    await composition.close();
    process.exit(usage);
  }
  const exitCode = await life.end;
  try {
    await fastify.close();
    await composition.close();
  } catch (error) {
    log.error({ err: error }, 'Ending went wrong; the next start takes everything up.');
    process.exit(1);
  }
  process.exit(exitCode);
}

/** Null when the first key that was given cannot be used. */
async function open(config: Config, log: Log, composition: Composition) {
  if (!(await showFirstKey(config, composition))) return null;
  const fastify = await listen(config, composition, log);
  const scheme = config.tls === null ? 'http' : 'https';
  if (config.simulate)
    log.info(
      {},
      'Clusters that are made here are SIMULATED: they answer as real ones do and run nothing. They carry the tag clusterlift:simulated.',
    );
  log.info(
    { stateDir: config.stateDir, pid: process.pid },
    `Listening on ${scheme}://${addressInUrl(config.listen.address)}:${config.listen.port}.`,
  );
  return fastify;
}

async function showFirstKey(config: Config, { store }: Composition): Promise<boolean> {
  const newKey = () => ({ id: `LTAI${newName(20)}`, secret: newSecret() });
  const key = await firstKey({ store, config, now, newKey });
  if (key.kind === 'refused') process.stderr.write(`${key.because}\n`);
  if (key.kind === 'made')
    process.stdout.write(
      `The first access key was made. Its secret is shown now and never again:\n\n  CLUSTERLIFT_ACCESS_KEY_ID=${key.id}\n  CLUSTERLIFT_SECRET_ACCESS_KEY=${key.secret}\n\n`,
    );
  return key.kind !== 'refused';
}

interface ServerLife extends Life {
  /** Resolves with the exit code when the server is to end. */
  readonly end: Promise<number>;
}

/** The first signal ends cleanly, from the very start on; a second one at once. Clusters stay as they are either way. */
function liveUntilSignal(log: Log): ServerLife {
  const ending = new AbortController();
  let finish = (_exitCode: number): void => undefined;
  const end = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const onSignal = (signal: NodeJS.Signals) => {
    if (ending.signal.aborted) process.exit(1);
    log.info({ signal }, 'Ending: turns in hand are finished, clusters stay as they are.');
    ending.abort();
    finish(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const mustEnd = (because: string) => {
    log.error({}, `Ending: ${because}`);
    ending.abort();
    finish(1);
  };
  return { ending: ending.signal, mustEnd, end };
}
