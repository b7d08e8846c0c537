/**
 * The demo: a real cluster is lifted by calls of a cloud's official clients while a client reads and writes all the time.
 * Each story is told on a server of its own. Exit code 0 only when nothing failed and nothing was lost.
 *
 * It does not know: the server's code. It starts the command line that users start and calls the public APIs.
 */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import { makeStateFolder, type ServerRig, startServer } from '../test/rig/index.ts';
import { cleanUp } from './clean-up.ts';
import { elasticsearchStory } from './elasticsearch/story.ts';
import { kubernetesStory } from './kubernetes/story.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { Screen } from './screen.ts';
import { simulatedStories } from './simulated.ts';
import type { Story, Told } from './story.ts';

const purpose = 'demo';
const stories: readonly [Story, ...Story[]] = [elasticsearchStory, kubernetesStory];

// Whatever still waits for a cluster that is gone by now ends with the process.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const read = readOptions(args, stories);
  if (read.kind === 'help') {
    console.log(read.text);
    return 0;
  }
  if (read.kind === 'wrong') {
    console.error(read.says);
    return 2;
  }
  const { options } = read;
  if (options.end !== null) return endKept(options.end);
  return run(stories.find(({ name }) => name === options.story) ?? stories[0], options);
}

async function run(wanted: Story, options: DemoOptions): Promise<number> {
  const screen = new Screen();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error('interrupted'));
  // They stay in place: a second Ctrl-C must not cut the cleaning up short.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let server: ServerRig | null = null;
  let folder: string | null = null;
  let kept = false;
  try {
    const missing = options.simulate ? [] : await orInterrupted(wanted.prepare(screen), interrupted.signal);
    for (const line of missing) screen.line(line);
    const simulate = options.simulate || missing.length > 0;
    if (missing.length > 0) screen.line('Without that no real cluster can be started here: what follows is SIMULATED.');
    const story = (simulate ? simulatedStories.find(({ name }) => name === wanted.name) : undefined) ?? wanted;
    screen.line(story.says);
    screen.line();
    const stateFolder = await makeStateFolder(purpose);
    folder = stateFolder;
    server = await screen.step(
      'the server starts',
      () => startServer({ stateFolder, detached: true, ...(simulate ? { environment: { CLUSTERLIFT_SIMULATE: '1' } } : {}) }),
      (made) => `the server answers at ${made.url}`,
    );
    const stage = { screen, server, folder: stateFolder, signal: interrupted.signal };
    const told = await orInterrupted(story.tell(stage), interrupted.signal);
    await showEnd(screen, told, options.report);
    if (options.keep) {
      for (const line of whatNext(server, told, stateFolder)) screen.line(line);
      kept = true;
    }
    return told.whole ? 0 : 1;
  } catch (error) {
    screen.live(null);
    if (interrupted.signal.aborted) return 130;
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    if (server !== null)
      console.error(`\nThe last lines of the server:\n${server.log().trimEnd().split('\n').slice(-10).join('\n')}`);
    return 1;
  } finally {
    screen.live(null);
    const mine = folder;
    if (!kept && mine !== null) await screen.step('everything is ended and erased', () => erase(server, mine));
  }
}

/** What waits for the cluster ends at once on Ctrl-C; the cleaning up does not. */
function orInterrupted<T>(story: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([story, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))]);
}

async function showEnd(screen: Screen, told: Told, report: string | null): Promise<void> {
  screen.line();
  for (const line of told.table) screen.line(line);
  for (const line of told.wrong) screen.line(`  ${screen.bad(line)}`);
  screen.line();
  screen.line(told.whole ? screen.good('Nothing failed, nothing was lost.') : screen.bad('Something failed or was lost.'));
  if (report !== null) await writeFile(report, `${JSON.stringify(told.report, null, 2)}\n`);
}

async function erase(server: ServerRig | null, folder: string): Promise<void> {
  // The server leaves members running when it ends, as it should; here everything belongs to this one run.
  await server?.stop();
  await cleanUp(folder);
}

function whatNext(server: ServerRig, told: Told, folder: string): readonly string[] {
  return [
    '',
    'Everything is left running. Try next:',
    `  export CLUSTERLIFT_URL=${server.url} CLUSTERLIFT_ACCESS_KEY_ID=${server.keyId} CLUSTERLIFT_SECRET_ACCESS_KEY=${server.secret}`,
    ...told.next.map((line) => `  ${line}`),
    'To end it:',
    `  npm run demo -- --end ${folder}`,
  ];
}

async function endKept(folder: string): Promise<number> {
  if (!basename(folder).startsWith(`cl-${purpose}-`)) {
    console.error(`${folder} is not a folder that this demo left behind.`);
    return 2;
  }
  await cleanUp(folder);
  console.log(`${folder} is ended and erased.`);
  return 0;
}
