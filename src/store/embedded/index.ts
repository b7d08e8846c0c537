/**
 * The PostgreSQL server that comes with Clusterlift: its binaries, its data folder, its process.
 *
 * It does not know: what is stored in it.
 */
import { mkdir } from 'node:fs/promises';
import type { Log } from '../../domain/index.ts';
import { type Connection, connectionUrl } from '../connection.ts';
import { databaseAccount, ownerOf } from './account.ts';
import { installBinaries } from './binaries.ts';
import { prepareData } from './data.ts';
import { ensureDatabase } from './database.ts';
import { chooseFolders, claimFolder } from './folders.ts';
import { readOrMakePassword } from './password.ts';
import { FolderTaken, takeServerLock } from './server-lock.ts';
import { supervise } from './supervise.ts';

const databaseName = 'clusterlift';
const superuser = 'clusterlift';
/** Names the socket file only: nothing listens on a network. */
const socketPort = 5432;

export interface EmbeddedOptions {
  readonly stateDir: string;
  readonly log: Log;
  /** Where unpacked server binaries lie; below the state folder unless given. */
  readonly binariesDir?: string;
  /** `none` gives up crash safety of the machine (never of the process) for speed: for tests only. */
  readonly durability?: 'full' | 'none';
}

export interface EmbeddedPostgres {
  readonly connection: Connection;
  readonly url: string;
  /** True when a server that an earlier process of ours had left behind was taken over. */
  readonly adopted: boolean;
  /** Process id of the postmaster as it is now; null while it is being restarted. */
  pid(): number | null;
  /** Fast shutdown: ends the server and waits for it. */
  stop(): Promise<void>;
}

/** Starts the server of a state folder, or takes over the one that runs, and keeps it running until `stop`. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { stateDir, log } = options;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const wanted = databaseAccount();
  const folders = await chooseFolders(stateDir, wanted);
  const account = wanted === null ? null : ((await ownerOf(folders.data)) ?? wanted);
  await claimFolder(folders.sockets, account);
  const binaries = await installBinaries(options.binariesDir ?? folders.root);
  const password = await readOrMakePassword(stateDir, folders.data);
  await prepareData({ binaries, folders, account, password, superuser, log });
  const server = await supervise({
    binaries,
    folders,
    account,
    log,
    user: superuser,
    port: socketPort,
    password,
    durability: options.durability ?? 'full',
  });
  try {
    const admin = { host: folders.sockets, port: socketPort, user: superuser, password, database: 'postgres' };
    const lock = await takeServerLock(admin, stateDir, log);
    await ensureDatabase(admin, databaseName);
    const connection = { ...admin, database: databaseName };
    return {
      connection,
      url: connectionUrl(connection),
      adopted: server.adopted,
      pid: server.pid,
      stop: async () => {
        await lock.release();
        await server.stop();
      },
    };
  } catch (error) {
    // A server that was here before us, or that another has taken from us meanwhile, is left as it is.
    if (server.adopted || error instanceof FolderTaken) server.letGo();
    else await server.stop();
    throw error;
  }
}
