/** How an upgrade ended, in one sentence: what is read first of its report. */

export interface Ended {
  readonly status: string;
  readonly from: string;
  readonly to: string;
  readonly reason: { readonly says: string } | null;
}

export function endingSays({ status, from, to, reason }: Ended, name: string, took: string): string {
  const why = reason === null ? '' : ` ${reason.says}`;
  switch (status) {
    case 'done':
      return `${name} was lifted from ${from} to ${to} in ${took}.`;
    case 'cancelled':
      return `The upgrade of ${name} from ${from} to ${to} was cancelled after ${took}.${why}`;
    case 'returned':
      return `The upgrade of ${name} to ${to} went back to ${from} by itself after ${took}.${why}`;
    default:
      return `The upgrade of ${name} from ${from} to ${to} has not ended: it is ${status}.${why}`;
  }
}
