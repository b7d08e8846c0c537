import { readFileSync, statSync } from 'node:fs';
import type { Launch } from '../../domain/index.ts';

/** Whom members run as: nobody special where we are an ordinary user, an unprivileged account where we are root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const preferred = ['elasticsearch', 'nobody'];

/** Elasticsearch refuses to run as root, so as root an existing unprivileged account is used; null means: as we are. */
export function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid = '', gid = '']) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const chosen = preferred
    .map((name) => accounts.find((account) => account.name === name))
    .find((account) => account !== undefined && account.uid > 0);
  if (chosen === undefined) throw new Error(`Members cannot run as root: create one of the accounts ${preferred.join(', ')}.`);
  return { uid: chosen.uid, gid: chosen.gid };
}

/** A member whose owner laid out its folders runs as the account that its data belongs to, as it did before. */
export function accountOf(launch: Pick<Launch, 'folders'>, usual: Account | null): Account | null {
  if (usual === null || launch.folders === null) return usual;
  const data = statSync(launch.folders.data, { throwIfNoEntry: false });
  return data === undefined || data.uid === 0 ? usual : { uid: data.uid, gid: data.gid };
}
