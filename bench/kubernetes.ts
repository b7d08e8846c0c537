/**
 * One minor of a control plane with two apiservers, lifted by Clusterlift and by a bare script of the same steps, one after the
 * other in the same run and without load, taking turns at going first. Prints wall times and the ratio; the soak's and the
 * trial starts' own times stand apart.
 */
import process from 'node:process';
import { endProcessesOf, makeStateFolder, removeStateFolder, type ServerRig, startServer } from '../test/rig/index.ts';
import { BareControlPlane, type BareUpgrade } from './bare-control-plane.ts';
import { ratioOf, showRatio } from './figures.ts';
import { LiftedControlPlane, type LiftedUpgrade } from './lifted-control-plane.ts';

const from = { version: process.env.BENCH_FROM ?? '1.36', build: process.env.BENCH_FROM_BUILD ?? 'eks.3' };
const to = { version: process.env.BENCH_TO ?? '1.37', build: process.env.BENCH_TO_BUILD ?? 'eks.2' };
const rounds = Number(process.env.BENCH_ROUNDS ?? '2');
const goal = 1.1;
// That the JavaScript SDK will one day want a newer Node is no figure.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

async function lifted(server: ServerRig, round: number): Promise<LiftedUpgrade> {
  const cluster = await LiftedControlPlane.create(server, `bench-${round}`, from.version, from.build);
  const result = await cluster.upgrade(to.version);
  await cluster.end();
  return result;
}

async function bare(server: ServerRig): Promise<BareUpgrade> {
  const cluster = await BareControlPlane.start(from, `${server.url}/kubernetes/authenticate/bare`);
  try {
    return await cluster.upgrade(to, from.version);
  } finally {
    await cluster.end();
  }
}

function show(who: string, { steps, spent }: Pick<BareUpgrade, 'steps' | 'spent'>): void {
  const lines = (seconds: Readonly<Record<string, number>>) =>
    Object.entries(seconds).map(([name, value]) => `          ${`${value.toFixed(1)} s`.padStart(7)}  ${name}`);
  for (const line of [`        ${who}`, ...lines(steps), '        which went into', ...lines(spent)]) console.log(line);
}

const folder = await makeStateFolder('bench');
let failed = false;
try {
  const server = await startServer({ stateFolder: folder });
  const results: { ours: LiftedUpgrade; theirs: BareUpgrade }[] = [];
  console.log(`${from.version} (${from.build}) → ${to.version}, two apiservers, ${rounds} rounds, no load\n`);
  console.log('round   Clusterlift   bare script   soak apart   trial starts apart   of ours: staying ready');
  for (let round = 1; round <= rounds; round += 1) {
    const oursFirst = round % 2 === 1;
    const before = oursFirst ? await lifted(server, round) : null;
    const theirs = await bare(server);
    const ours = before ?? (await lifted(server, round));
    results.push({ ours, theirs });
    const cells = [
      [ours.seconds, 11],
      [theirs.seconds, 11],
      [ours.soakSeconds, 10],
      [ours.trialSeconds, 18],
      [ours.steadySeconds, 22],
    ] as const;
    console.log(
      `${String(round).padEnd(5)}   ${cells.map(([value, width]) => `${value.toFixed(1)} s`.padStart(width)).join('   ')}`,
    );
    show('Clusterlift', ours);
    show('bare script', theirs);
  }
  console.log('');
  const compared = results.map(({ ours, theirs }) => ({ ours: ours.seconds, theirs: theirs.seconds }));
  const steadyApart = results.map(({ ours, theirs }) => ({ ours: ours.seconds - ours.steadySeconds, theirs: theirs.seconds }));
  console.log(showRatio(ratioOf('Clusterlift / bare script, without soak and trial starts', compared, goal)));
  console.log(showRatio(ratioOf('the same, also without the time for which members are to stay ready', steadyApart, goal)));
  await server.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  failed = true;
} finally {
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}
process.exit(failed ? 1 : 0);
