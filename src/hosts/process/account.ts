import { readFileSync } from 'node:fs';

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
