import type { Support } from '../pages/releases/support.ts';
import { Badge } from './status.tsx';
import { dayText } from './words.tsx';

/** Until when a release is supported; null while that is not read yet. */
export function SupportEnd({ support, soonDays }: { readonly support: Support | null; readonly soonDays: number }) {
  switch (support?.kind) {
    case undefined:
      return <span className="muted">…</span>;
    case 'not-dated':
      return <span className="muted">not dated</span>;
    case 'to-come':
      return <span className="muted">out on {dayText(support.from)}</span>;
    case 'ended':
      return (
        <span className="pair">
          <Badge tone="bad" icon="cross" says="Ended" /> {dayText(support.since)}
        </span>
      );
    case 'extended':
      return (
        <span className="pair">
          <Badge tone="warn" icon="clock" says="Extended" /> until {dayText(support.until)}
        </span>
      );
    case 'standard':
      return support.days <= soonDays ? (
        <span className="pair">
          <Badge tone="warn" icon="clock" says={support.days === 1 ? '1 day' : `${support.days} days`} /> until{' '}
          {dayText(support.until)}
        </span>
      ) : (
        <span>until {dayText(support.until)}</span>
      );
  }
}
