/** What decide notes in the ledger because nothing shows it. Each is about one hop of the route. */
import type { Ledger, OperatorReason } from '../../../domain/index.ts';
import { withMark } from './decision.ts';

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

const stopping = 'stopping';

/** A person is to be asked, and what can be left clean is being made so: nothing else is thought of until that is done. */
export function withStopping(ledger: Ledger, because: OperatorReason): Ledger {
  return isStopping(ledger) === null ? withMark(ledger, `${stopping} ${JSON.stringify(because)}`) : ledger;
}

export function withoutStopping(ledger: Ledger): Ledger {
  const marks = ledger.marks.filter((mark) => !mark.startsWith(`${stopping} `));
  return marks.length === ledger.marks.length ? ledger : { ...ledger, marks };
}

export function isStopping(ledger: Ledger): OperatorReason | null {
  const mark = ledger.marks.find((candidate) => candidate.startsWith(`${stopping} `));
  return mark === undefined ? null : (JSON.parse(mark.slice(stopping.length + 1)) as OperatorReason);
}

const goingBack = 'going back';

/** From now on the hop is walked back, for this reason; a mark is text, so the reason is kept as such. */
export function withGoingBack(ledger: Ledger, hop: number, because: OperatorReason): Ledger {
  return isGoingBack(ledger, hop) === null ? withMark(ledger, `${goingBack} ${hop} ${JSON.stringify(because)}`) : ledger;
}

/** Why the hop is walked back; null while it is walked forward. */
export function isGoingBack(ledger: Ledger, hop: number): OperatorReason | null {
  const prefix = `${goingBack} ${hop} `;
  const mark = ledger.marks.find((candidate) => candidate.startsWith(prefix));
  return mark === undefined ? null : (JSON.parse(mark.slice(prefix.length)) as OperatorReason);
}

export function withoutGoingBack(ledger: Ledger, hop: number): Ledger {
  return { ...ledger, marks: ledger.marks.filter((mark) => !mark.startsWith(`${goingBack} ${hop} `)) };
}
