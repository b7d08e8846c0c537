import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { everyProcess } from '../rig/processes.ts';
import { expectLiftedOnce } from './judgement.ts';
import { Lab } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

function postmasterOf(opened: Lab): number {
  const [pid = ''] = readFileSync(join(opened.stateFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}

/** A process of it that serves a connection. */
async function backendOf(postmaster: number): Promise<number | undefined> {
  const found = (await everyProcess()).find(
    ({ parent, command }) => parent === postmaster && /^postgres: .*\[local\]/.test(command),
  );
  return found?.pid;
}

/** What dies in which act: the whole database, or one of its backends, after which it throws out all others and recovers. */
const deaths: Readonly<Record<string, 'postmaster' | 'backend'>> = {
  'rest.settings 1': 'backend',
  'host.stop 1': 'postmaster',
  'host.start 2': 'backend',
  'host.stop 3': 'postmaster',
};

it('the server rides out a database that is killed in the middle of an upgrade, and finishes it', async () => {
  const opened = await Lab.open('database dies');
  lab = opened;
  const cluster = await opened.addCluster('database', { persistent: { 'cluster.routing.allocation.enable': 'all' } });
  const before = opened.server.pid();
  const died: string[] = [];
  const postmasters = new Set<number>();
  const seen: Record<string, number> = {};
  opened.simulator.hold(async (act, point): Promise<'go-on'> => {
    if (point !== 'inside') return 'go-on';
    seen[act.what] = (seen[act.what] ?? 0) + 1;
    const key = `${act.what} ${seen[act.what]}`;
    const postmaster = postmasterOf(opened);
    const victim = deaths[key] === undefined || deaths[key] === 'postmaster' ? postmaster : await backendOf(postmaster);
    if (deaths[key] === undefined || victim === undefined) return 'go-on';
    postmasters.add(postmaster);
    process.kill(victim, 'SIGKILL');
    died.push(`${deaths[key]} in ${key}`);
    return 'go-on';
  });
  const id = await opened.lift(cluster);
  expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
  opened.simulator.hold(null);
  expect(died.sort()).toEqual(
    Object.entries(deaths)
      .map(([key, what]) => `${what} in ${key}`)
      .sort(),
  );
  postmasters.add(postmasterOf(opened));
  expect(postmasters.size).toBe(3);
  expect(opened.server.pid()).toBe(before);
  await expectLiftedOnce(opened, cluster, id);
});
