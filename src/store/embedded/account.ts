import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Whom the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const preferred = ['postgres', '_postgres', 'nobody', 'daemon'];

/** As root an unprivileged account that has a passwd entry; null means: as we are. */
export function databaseAccount(
  uid: number | undefined = process.getuid?.(),
  passwd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): Account | null {
  if (uid !== 0) return null;
  const accounts = passwd()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(':'))
    .map(([name = '', , id = '', group = '']) => ({ name, uid: Number(id), gid: Number(group) }));
  const usable = accounts.filter((account) => Number.isInteger(account.uid) && account.uid > 0 && account.gid >= 0);
  const chosen = preferred
    .map((name) => usable.find((account) => account.name === name))
    .find((account) => account !== undefined);
  if (chosen === undefined)
    throw new Error(
      `PostgreSQL does not run as root, and none of the accounts ${preferred.join(', ')} exists here. ` +
        'Create one of them, start Clusterlift as an ordinary user, or set DATABASE_URL.',
    );
  return { uid: chosen.uid, gid: chosen.gid };
}

/** Data that exists stays with the account that made it, whatever accounts came since; undefined where there is none. */
export async function ownerOf(data: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(data);
    return uid === 0 ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
