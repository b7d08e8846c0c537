/** What decide notes in the ledger because nothing shows it. Each is about one hop of the route. */
import { type Ledger, withMark } from '../../../domain/index.ts';

/** Roll of the apiservers that has begun, so that one that fell over is started as what it was or is to be. */
export type Roll = 'emulating' | 'own' | 'emulating again' | 'own again';

export function rollMark(hop: number, roll: Roll): string {
  return `apiservers ${roll} ${hop}`;
}

/** The newest roll of the way on that has begun; null before the first. */
export function rollOf(ledger: Ledger, hop: number): 'emulating' | 'own' | null {
  if (ledger.marks.includes(rollMark(hop, 'own'))) return 'own';
  return ledger.marks.includes(rollMark(hop, 'emulating')) ? 'emulating' : null;
}

export function snapshotMark(hop: number): string {
  return `etcd snapshot ${hop}`;
}

export function rewrittenMark(hop: number): string {
  return `storage rewritten ${hop}`;
}

/** Since when every apiserver has behaved as it is to be watched. It begins again when one of them drops out. */
export const soaking = 'soaking';

const etcdWas = 'etcd was';

/** What an etcd member ran before it was taken, for the way back. */
export function withEtcdBefore(ledger: Ledger, hop: number, name: string, version: string): Ledger {
  const known = etcdBefore(ledger, hop, name);
  return known === null ? withMark(ledger, `${etcdWas} ${hop} ${name} ${version}`) : ledger;
}

export function etcdBefore(ledger: Ledger, hop: number, name: string): string | null {
  const prefix = `${etcdWas} ${hop} ${name} `;
  return ledger.marks.find((mark) => mark.startsWith(prefix))?.slice(prefix.length) ?? null;
}
