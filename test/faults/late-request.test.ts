import { afterEach, expect, it } from 'vitest';
import { expectLiftedOnce } from './judgement.ts';
import { Lab, type LabCluster } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const actTimeoutMs = 60_000;

/** Keeps the first act of that name until it is let go, long after its server was killed and the next one has done the same act. */
async function sendLate(
  opened: Lab,
  cluster: LabCluster,
  what: 'host.start' | 'host.stop',
  done: (member: string) => boolean,
): Promise<string> {
  let member = '';
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let arrived = false;
  opened.simulator.hold(async (act, point): Promise<'go-on'> => {
    if (arrived || act.what !== what || act.cluster !== cluster.id || point !== 'before') return 'go-on';
    arrived = true;
    member = act.member ?? '';
    await gone;
    return 'go-on';
  });
  if (!(await opened.simulator.until(() => arrived, actTimeoutMs))) throw new Error(`no ${what} came`);
  await opened.server.kill();
  await opened.server.start();
  if (!(await opened.simulator.until(() => done(member), actTimeoutMs))) throw new Error(`the next server did not do ${what}`);
  const refused = opened.simulator.journal.refusedTickets.length;
  letGo();
  if (!(await opened.simulator.until(() => opened.simulator.journal.refusedTickets.length > refused, actTimeoutMs)))
    throw new Error(`the late ${what} was not turned away`);
  return member;
}

it('an act that arrives after the next server has taken over is turned away by its generation', async () => {
  const opened = await Lab.open('late request');
  lab = opened;
  const cluster = await opened.addCluster('late');
  const id = await opened.lift(cluster);
  const ofMember = (member: string) => (entry: { readonly member: string }) => entry.member === member;
  const first = await sendLate(opened, cluster, 'host.stop', (member) => opened.stopsOf(cluster).some(ofMember(member)));
  expect(opened.stopsOf(cluster).map((stop) => stop.member)).toEqual([first]);
  const second = await sendLate(opened, cluster, 'host.start', (member) => opened.launchesOf(cluster).some(ofMember(member)));
  expect(opened.launchesOf(cluster).filter(ofMember(second))).toHaveLength(1);
  opened.simulator.hold(null);
  expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
  const { refusedTickets } = opened.simulator.journal;
  expect(refusedTickets).toHaveLength(2);
  expect(refusedTickets.every((ticket) => ticket.clusterId === cluster.id && ticket.generation < ticket.newest)).toBe(true);
  await expectLiftedOnce(opened, cluster, id);
});
