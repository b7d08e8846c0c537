import type { ActResult, Host, KubernetesMemberSpec, Launch, MakerIo } from '../../../domain/index.ts';
import { etcdReleaseOf } from '../catalog.ts';
import { urlOf } from '../client/index.ts';
import { artefacts, etcdClientFiles } from '../launch/index.ts';
import { pathWith } from '../launch/program.ts';
import { type Context, done, failed, hostOf, memberSpec, noHost, type Perform, theOne } from './move.ts';

const snapshotTimeoutMs = 10 * 60_000;
const lookEveryMs = 250;
/** As many snapshots are kept, the newest. */
const kept = 3;
/** The last line of a snapshot that was taken and looked at; hash, revision, number of keys and size follow. */
const told = 'snapshot taken: ';

/**
 * Takes a snapshot of the key space with etcd's own program, run beside the member like a member itself: it has files and
 * programs of its own, outlives this server, and is waited for by whoever comes next.
 */
export const snapshotEtcd: Perform = async (move, context, io) => {
  const { name } = theOne(move);
  const member = memberSpec(context, name);
  const host = hostOf(context, name, io);
  const folder = context.cluster.spec.snapshotFolder;
  if (member === undefined) return failed(`${name} is no member of the cluster.`);
  if (host === undefined) return noHost(name);
  if (folder === undefined) return failed('No folder for snapshots of etcd is declared (snapshotFolder).');
  const launch = launchOf(member, folder, context, io);
  const ready = await host.prefetch(context.ticket, launch.release, launch.artefacts, context.signal);
  if (ready.kind !== 'done') return ready;
  // What one before this said must not be taken for what this one says.
  if ((await host.describe(context.cluster.id, launch.member)).state === 'stopped') {
    const erased = await host.erase(context.ticket, launch.member);
    if (erased.kind !== 'done') return erased;
  }
  const started = await host.start(context.ticket, launch);
  if (started.kind === 'refused' && started.because !== 'already-running') return started;
  // One that is over within a moment is told as one that ended at once.
  if (started.kind === 'failed' && (await host.describe(context.cluster.id, launch.member)).state !== 'stopped') return started;
  return outcome(launch.member, host, context, io);
};

async function outcome(task: string, host: Host, context: Context, io: MakerIo): Promise<ActResult> {
  for (let waitedMs = 0; waitedMs < snapshotTimeoutMs && !context.signal.aborted; waitedMs += lookEveryMs) {
    const now = await host.describe(context.cluster.id, task);
    if (now.state === 'stopped') {
      const line = now.lastLines.find((one) => one.startsWith(told));
      if (line === undefined) return failed('The snapshot of etcd failed.', now.lastLines);
      // It holds a key; what is to be kept lies elsewhere.
      await host.erase(context.ticket, task);
      return done(`Snapshot of etcd taken: ${line.slice(told.length)}.`);
    }
    if (now.state === 'absent' || now.state === 'unknown') return failed('It is not known what became of the snapshot of etcd.');
    await io.pause(lookEveryMs, context.signal);
  }
  if (context.signal.aborted) return failed('Waiting for the snapshot of etcd was cut off.');
  return failed(`The snapshot of etcd is not finished after ${snapshotTimeoutMs / 60_000} minutes.`);
}

function launchOf(member: KubernetesMemberSpec, folder: string, context: Context, io: MakerIo): Launch {
  const { cluster, catalog } = context;
  const release = etcdReleaseOf(catalog, cluster.spec.release);
  const file = `${folder}/etcd-${io
    .now()
    .replaceAll(/[^0-9]/g, '')
    .slice(0, 17)}.db`;
  const script = [
    `set -e; ${pathWith('${home}')}`,
    'rm -f "$1"/*.part',
    `etcdctl --endpoints=${urlOf(member)} --cacert="\${conf}/ca.crt" --cert="\${conf}/etcd.crt" --key="\${conf}/etcd.key" --command-timeout=5m snapshot save "$2"`,
    'status=$(etcdutl snapshot status "$2" --write-out=simple)',
    `ls -1 "$1"/etcd-*.db | sort -r | tail -n +${kept + 1} | while read -r old; do rm -f "$old"; done`,
    `echo "${told}$2 ($status)"`,
  ];
  return {
    clusterId: cluster.id,
    member: `${member.name}-snapshot`,
    release,
    artefacts: artefacts(catalog, release),
    java: null,
    command: ['/bin/sh', '-c', script.join('\n'), 'snapshot', folder, file],
    environment: {},
    files: etcdClientFiles(cluster),
    copies: [],
    folders: null,
    sharedFolders: [folder],
    readyUrl: urlOf(member),
    archive: null,
  };
}
