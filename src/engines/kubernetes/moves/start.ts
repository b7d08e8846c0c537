import type { ActResult, Identity, Launch, LaunchPurpose, MakerIo, Release } from '../../../domain/index.ts';
import { launchWith } from '../launch/index.ts';
import { type Context, done, hostOf, noHost } from './move.ts';

/** How a member is to be started. */
export interface Wanted {
  readonly release: Release;
  readonly emulate: string | null;
  /** Of a node: the certificate that was made for this start. */
  readonly identity?: Identity;
}

/** Starts a member, its programs got ready first. One that runs already is left as it is. */
export async function startOne(name: string, wanted: Wanted, context: Context, io: MakerIo): Promise<ActResult> {
  const host = hostOf(context, name, io);
  if (host === undefined) return noHost(name);
  const { cluster, catalog, ticket } = context;
  const launch = launchWith(cluster, catalog, name, wanted.release, purposeOf(wanted, context), wanted.identity ?? null);
  const lacking = await fetchPrograms(launch, context, io);
  if (lacking !== null) return lacking;
  const started = await host.start(ticket, launch);
  if (started.kind === 'refused' && started.because === 'already-running') return done(`${name} runs already.`);
  if (started.kind !== 'done') return started;
  // It is whatever program the machine has.
  if (launch.artefacts.length === 0) return { ...started, says: `${name} started.` };
  if (wanted.emulate === null) return started;
  return { ...started, says: `${started.says.replace(/\.$/, '')}, behaving as ${wanted.emulate}.` };
}

/** Gets its programs ready while the one before still runs: where they cannot be had, nobody is stopped for them. */
export async function getReady(name: string, wanted: Wanted, context: Context, io: MakerIo): Promise<ActResult> {
  const { cluster, catalog } = context;
  const launch = launchWith(cluster, catalog, name, wanted.release, purposeOf(wanted, context), null);
  return (await fetchPrograms(launch, context, io)) ?? done('');
}

/** Members of a cluster that is just being made come together by themselves. */
function purposeOf({ emulate }: Wanted, { cluster }: Context): LaunchPurpose {
  if (cluster.provisioning.state === 'creating') return { kind: 'first' };
  return { kind: 'join', ...(emulate === null ? {} : { emulate }) };
}

/** Null when all its programs lie ready; a program of the machine needs nothing. */
async function fetchPrograms(launch: Launch, context: Context, io: MakerIo): Promise<ActResult | null> {
  const host = hostOf(context, launch.member, io);
  if (host === undefined) return noHost(launch.member);
  for (const { release, artefacts } of [launch, ...(launch.tools ?? [])]) {
    if (artefacts.length === 0) continue;
    const fetched = await host.prefetch(context.ticket, release, artefacts, context.signal);
    if (fetched.kind !== 'done') return fetched;
  }
  return null;
}
