/**
 * The host `process`: members as processes of this machine that outlive the server, each in a group of its own.
 * It does not know: what a member is for, what an upgrade is, any engine.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { type ActResult, type ArtefactSource, type Host, releaseKey, showRelease } from '../../domain/index.ts';
import { unprivilegedAccount } from './account.ts';
import { fetchArtefact } from './artefact.ts';
import { describeMember } from './describe.ts';
import { generationOf, pass } from './fence.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type HostFolders, type MemberFolders, memberFolders, membersWithFolder } from './folders.ts';
import { runHook } from './hook.ts';
import { findJdks } from './java.ts';
import { lacking } from './lacks.ts';
import { freeLoopbackBlock, freePorts } from './loopback.ts';
import { type Machine, placesOf } from './places.ts';
import { identityOf } from './process-table.ts';
import { readLaunches, readRecord, StoppingRecord, writeRecord } from './records.ts';
import { serviceOf } from './service.ts';
import { startProcess } from './start.ts';
import { type Asked, stopProcess, until } from './stop.ts';
import { runTrial, sweepTrials } from './trial.ts';

/** A spawned process tells its id within this time, or its spawn failed. */
const spawnTimeoutMs = 10_000;
/** A launch before this one that begins in the very moment is looked at once more. */
const startTries = 2;
/** What is erased needs no clean end. */
const eraseStopTimeoutMs = 10_000;

export interface ProcessHostOptions extends HostFolders {
  readonly javaHomes: readonly string[];
  readonly nowMs: () => number;
  /** Whether archives are downloaded of what is built on this machine otherwise. Absent: they are not. */
  readonly downloads?: boolean;
  /** How processes are looked at: by /proc on `linux`, by ps elsewhere. Absent: as it is. */
  readonly platform?: NodeJS.Platform;
}

const Prefetched = Type.Object({ home: Type.String() });

export function createProcessHost(options: ProcessHostOptions): Host {
  const { platform = process.platform } = options;
  const prefetchedFolder = join(options.stateDir, 'prefetched');
  const archives = join(options.cacheDir, 'archives');
  const scratchRoot = join(options.stateDir, 'trials');
  // What cannot be swept now is swept at the next start; it must not keep this server from its work.
  const swept = sweepTrials(scratchRoot, pause, options.nowMs).catch(() => undefined);
  const foldersOf = (clusterId: string, member: string) => memberFolders(options, clusterId, member);
  const describe = (clusterId: string, member: string) => describeMember(foldersOf(clusterId, member), options.nowMs(), platform);

  const machine: Machine = {
    cacheDir: options.cacheDir,
    downloads: options.downloads ?? false,
    // Found anew each time: who installs one that is missing need not start the server again.
    jdks: () => findJdks(options.javaHomes),
    usualAccount: unprivilegedAccount(),
    platform,
  };

  return {
    kind: 'process',
    facts: async () => ({
      javas: machine.jdks(),
      freeMemoryBytes: freemem(),
      prefetched: !existsSync(prefetchedFolder)
        ? []
        : readdirSync(prefetchedFolder).flatMap((name) => {
            const record = readRecord(join(prefetchedFolder, name), Prefetched);
            return record !== null && existsSync(record.home) ? [decodeURIComponent(name)] : [];
          }),
    }),
    generationOf: async (clusterId) => generationOf(options, clusterId),
    describe: async (clusterId, member) => describe(clusterId, member),
    launches: async (clusterId, member) => readLaunches(foldersOf(clusterId, member).run),
    fingerprint: async (folder) => fingerprintOf(folder),
    members: async (clusterId) => membersWithFolder(options, clusterId),
    freeLoopbackBlock: (ports, taken) => freeLoopbackBlock(ports, taken),
    freePorts,

    lacks: async (launch) => lacking(launch, machine),

    prefetch: async (ticket, release, artefacts: readonly ArtefactSource[], signal, told): Promise<ActResult> => {
      const refused = pass(options, ticket);
      if (refused !== null) return refused;
      const fetched = await fetchArtefact(machine, artefacts, signal, (says) => told?.(`${showRelease(release)}: ${says}`));
      if (fetched.kind === 'failed')
        return { kind: 'failed', says: `${showRelease(release)} could not be got: ${fetched.because}`, lastLines: [] };
      writeRecord(join(prefetchedFolder, encodeURIComponent(releaseKey(release))), { home: fetched.home });
      return { kind: 'done', says: `${showRelease(release)} lies ready.` };
    },

    adopt: async (ticket, member, pid, release) => {
      const refused = pass(options, ticket);
      if (refused !== null) return refused;
      const identity = identityOf(pid, platform);
      if (identity === null) return { kind: 'failed', says: `${member}: there is no process ${pid}.`, lastLines: [] };
      if (describe(ticket.clusterId, member).state === 'running')
        return { kind: 'done', says: `${member} is under care already.` };
      writeRecord(join(foldersOf(ticket.clusterId, member).run, 'adopted.json'), {
        ...identity,
        release,
        at: new Date(options.nowMs()).toISOString(),
      });
      const service = serviceOf(pid);
      const remark = `${member} belongs to the systemd unit ${service}, which would start its old release again: see docs/systemd.md.`;
      const says = `${member} taken over as process ${pid}.`;
      return service === null ? { kind: 'done', says } : { kind: 'done', says, remark };
    },

    stop: async (ticket, member, identity, stopTimeoutMs) => {
      const refused = pass(options, ticket);
      const asked = askedOf(foldersOf(ticket.clusterId, member));
      return refused ?? stopProcess(member, describe(ticket.clusterId, member), identity, stopTimeoutMs, pause, platform, asked);
    },

    start: async (ticket, launch) => {
      const refused = pass(options, ticket);
      if (refused !== null) return refused;
      const places = placesOf(launch, machine);
      if (typeof places === 'string') return { kind: 'failed', says: `${launch.member}: ${places}`, lastLines: [] };
      const archive = launch.archive === null ? null : join(archives, `${launch.archive}.jsa`);
      const archiveFlag = archive !== null && existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : null;
      const folders = foldersOf(launch.clusterId, launch.member);
      const spawned = () =>
        startProcess(launch, folders, { ...places, archiveFlag, niceness: 0 }, new Date(options.nowMs()).toISOString());
      // A launch that was cut off a moment ago may be coming up: it is waited for, never doubled.
      for (let tries = 1; ; tries += 1) {
        await until(() => describe(launch.clusterId, launch.member).state !== 'launching', spawnTimeoutMs, pause);
        const before = describe(launch.clusterId, launch.member);
        if (before.state === 'running')
          return { kind: 'refused', because: 'already-running', says: `${launch.member} runs already.` };
        if (before.state === 'unknown') return notDoubled(launch.member, before.because);
        if (before.state !== 'launching' && spawned()) break;
        if (tries === startTries) return notDoubled(launch.member, 'its last launch has not told its process yet');
      }
      await until(() => describe(launch.clusterId, launch.member).state !== 'launching', spawnTimeoutMs, pause);
      const now = describe(launch.clusterId, launch.member);
      if (now.state === 'running') return { kind: 'done', says: `${launch.member} started at ${showRelease(launch.release)}.` };
      return { kind: 'failed', says: `${launch.member} ended at once.`, lastLines: now.state === 'stopped' ? now.lastLines : [] };
    },

    run: async (ticket, member, command, timeoutMs) => {
      const refused = pass(options, ticket);
      if (refused !== null) return refused;
      const [program, ...words] = command;
      if (program === undefined) return { kind: 'done', says: 'Nothing to run.' };
      return runHook(program, words, member, ticket.clusterId, timeoutMs);
    },

    trial: async (launch, trialLimits, signal) => {
      if (freemem() < trialLimits.minFreeMemoryBytes)
        return { kind: 'could-not-run', because: `less than ${trialLimits.minFreeMemoryBytes} bytes of memory are free` };
      const places = placesOf(launch, machine);
      if (typeof places === 'string') return { kind: 'could-not-run', because: places };
      await swept;
      for (const folder of [scratchRoot, archives]) mkdirSync(folder, { recursive: true });
      const archiveFile = launch.archive === null ? null : join(archives, `${launch.archive}.jsa`);
      return runTrial(launch, { scratchRoot, archiveFile, start: places }, trialLimits.timeoutMs, pause, options.nowMs, signal);
    },

    erase: async (ticket, member) => {
      const refused = pass(options, ticket);
      if (refused !== null) return refused;
      await until(() => describe(ticket.clusterId, member).state !== 'launching', spawnTimeoutMs, pause);
      const current = describe(ticket.clusterId, member);
      if (current.state === 'unknown')
        return { kind: 'failed', says: `${member} is not erased, because it may run: ${current.because}.`, lastLines: [] };
      if (current.state === 'running') {
        const asked = askedOf(foldersOf(ticket.clusterId, member));
        const stopped = await stopProcess(member, current, current.identity, eraseStopTimeoutMs, pause, platform, asked);
        if (stopped.kind !== 'done') return stopped;
      }
      rmSync(foldersOf(ticket.clusterId, member).root, { recursive: true, force: true });
      return { kind: 'done', says: `${member} erased.` };
    },
  };
}

function askedOf({ run }: MemberFolders): Asked {
  const file = join(run, 'stopping.json');
  return { before: readRecord(file, StoppingRecord), note: (identity) => writeRecord(file, identity) };
}

function notDoubled(member: string, because: string): ActResult {
  return { kind: 'failed', says: `${member} is not started, because it may run already: ${because}.`, lastLines: [] };
}
