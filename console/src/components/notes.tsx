/** Waiting, nothing there, and what went wrong with what can be done about it. */
import type { ReactNode } from 'react';
import { ApiFailure, type Reason } from '../api/index.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export const Loading = ({ what }: { readonly what: string }) => (
  <p className="loading" role="status">
    Loading {what} …
  </p>
);

export const Empty = ({ children }: { readonly children: ReactNode }) => <p className="empty">{children}</p>;

/** An answer that was none. With `again` a person may ask once more. */
export function FailureNote({ failure, again }: { readonly failure: unknown; readonly again?: () => void }) {
  const known = failure instanceof ApiFailure ? failure : null;
  const says = known?.message ?? (failure instanceof Error ? failure.message : 'Something went wrong.');
  return (
    <div className="note note-bad" role="alert">
      <Icon name="stop" />
      <div>
        <p className="note-says">{says}</p>
        {known?.remedy == null ? null : <p>{known.remedy}</p>}
        {again === undefined ? null : <Button onClick={again}>Try again</Button>}
      </div>
    </div>
  );
}

/** Why something waits or has stopped, about what, and what would clear it. */
export function ReasonNote({ reason, tone }: { readonly reason: Reason; readonly tone: 'warn' | 'bad' | 'busy' }) {
  return (
    <div className={`note note-${tone}`}>
      <Icon name={tone === 'bad' ? 'stop' : tone === 'warn' ? 'warning' : 'clock'} />
      <div>
        <p className="note-says">{reason.says}</p>
        <p>
          {tone === 'busy' ? <b>Cleared by: </b> : null}
          {reason.clearedBy}
        </p>
        {reason.evidence === undefined || reason.evidence.length === 0 ? null : (
          <details>
            <summary>What was seen</summary>
            <ul className="evidence">
              {reason.evidence.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
        <p className="note-code">
          <code>{reason.code}</code>
          {reason.subject === '' ? null : ` · ${reason.subject}`}
        </p>
      </div>
    </div>
  );
}

/** The state of a question: its answer is shown by `children` once it is there, also when a later look fails. */
export function Answer<T>({
  asked,
  what,
  children,
}: {
  readonly asked: {
    readonly data: T | undefined;
    readonly error: unknown;
    readonly failureReason: unknown;
    readonly refetch: () => unknown;
  };
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}) {
  const failure = asked.error ?? asked.failureReason;
  if (asked.data !== undefined) return <>{children(asked.data)}</>;
  if (failure === null) return <Loading what={what} />;
  return <FailureNote failure={failure} again={() => void asked.refetch()} />;
}
