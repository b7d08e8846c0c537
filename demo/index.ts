/**
 * The demo: a real three-node cluster goes from 5.5.3 to 6.7.0 by calls of the official SDK while a client reads and
 * writes all the time. Exit code 0 only when nothing failed and nothing was lost.
 *
 * It does not know: the server's code. It starts the command line that users start and calls the public APIs.
 */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import {
  endProcessesOf,
  makeStateFolder,
  missingTools,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../test/rig/index.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { Screen } from './screen.ts';
import { type Told, tellStory } from './story.ts';
import { isWhole, reportOf, tableOf } from './table.ts';

const purpose = 'demo';

const options = readOptions(process.argv.slice(2));
// Whatever still waits for a cluster that is gone by now ends with the process.
process.exit(options.end === null ? await run(options) : await endKept(options.end));

async function run(options: DemoOptions): Promise<number> {
  const screen = new Screen();
  screen.line('Clusterlift lifts a real Elasticsearch cluster, 5.5.3 → 5.6.16 → 6.3.2 → 6.7.0, while it serves.');
  screen.line();
  const missing = missingTools(['java', 'mvn']);
  if (missing.length > 0) {
    for (const tool of missing) console.error(`${tool.says} ${tool.remedy}`);
    return 2;
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error('interrupted'));
  // They stay in place: a second Ctrl-C must not cut the cleaning up short.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const folder = await makeStateFolder(purpose);
  let server: ServerRig | null = null;
  let kept = false;
  try {
    server = await screen.step(
      'the server starts',
      () => startServer({ stateFolder: folder, detached: true }),
      (made) => `the server answers at ${made.url}`,
    );
    const told = await orInterrupted(tellStory({ screen, server, signal: interrupted.signal }), interrupted.signal);
    await showEnd(screen, told, options.report);
    if (options.keep) {
      for (const line of whatNext(server, told, folder)) screen.line(line);
      kept = true;
    }
    return isWhole(told) ? 0 : 1;
  } catch (error) {
    screen.live(null);
    if (interrupted.signal.aborted) return 130;
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    if (server !== null)
      console.error(`\nThe last lines of the server:\n${server.log().trimEnd().split('\n').slice(-10).join('\n')}`);
    return 1;
  } finally {
    screen.live(null);
    if (!kept) await screen.step('everything is ended and erased', () => cleanUp(server, folder));
  }
}

/** What waits for the cluster ends at once on Ctrl-C; the cleaning up does not. */
function orInterrupted<T>(story: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([story, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))]);
}

async function showEnd(screen: Screen, told: Told, report: string | null): Promise<void> {
  screen.line();
  for (const line of tableOf(told)) screen.line(line);
  for (const failure of told.client.failures) screen.line(`  ${screen.bad(failure)}`);
  for (const id of [...told.documents.lost, ...told.documents.differing]) screen.line(`  ${screen.bad(id)}`);
  screen.line();
  screen.line(isWhole(told) ? screen.good('Nothing failed, nothing was lost.') : screen.bad('Something failed or was lost.'));
  if (report !== null) await writeFile(report, `${JSON.stringify(reportOf(told), null, 2)}\n`);
}

async function cleanUp(server: ServerRig | null, folder: string): Promise<void> {
  // The server leaves members running when it ends, as it should; here everything belongs to this one run.
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}

function whatNext(server: ServerRig, told: Told, folder: string): readonly string[] {
  const [address = ''] = told.addresses;
  return [
    '',
    'Everything is left running. Try next:',
    `  export CLUSTERLIFT_URL=${server.url} CLUSTERLIFT_ACCESS_KEY_ID=${server.keyId} CLUSTERLIFT_SECRET_ACCESS_KEY=${server.secret}`,
    '  node bin/clusterlift.js cluster list',
    `  node bin/clusterlift.js plan ${told.instanceId} 7.17.29`,
    `  node bin/clusterlift.js upgrade start ${told.instanceId} 6.8.23 && node bin/clusterlift.js upgrade list`,
    `  curl ${address}/_cat/nodes?v`,
    'To end it:',
    `  npm run demo -- --end ${folder}`,
  ];
}

async function endKept(folder: string): Promise<number> {
  if (!basename(folder).startsWith(`cl-${purpose}-`)) {
    console.error(`${folder} is not a folder that this demo left behind.`);
    return 2;
  }
  await endProcessesOf(folder);
  await removeStateFolder(folder);
  console.log(`${folder} is ended and erased.`);
  return 0;
}
