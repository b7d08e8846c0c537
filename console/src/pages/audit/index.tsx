import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PageProps } from '../../app/pages.ts';
import { Answer, Badge, Button, Empty, Moment, PageHead, Panel, TableFrame } from '../../components/index.ts';
import { type AuditEntry, auditQuery } from './audit-query.ts';
import './audit.css';

export default function Page(_: PageProps) {
  const asked = useInfiniteQuery(auditQuery);
  return (
    <>
      <PageHead title="Audit">
        <p className="hint">Who changed what, when, through which API, and with which end. Calls that only read are not kept.</p>
      </PageHead>
      <Answer asked={asked} what="the audit">
        {({ pages }) => (
          <Panel title="Calls" end={<span className="hint">newest first</span>}>
            <Entries entries={pages.flatMap(({ entries }) => entries)} />
            {asked.hasNextPage ? (
              <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
                Show older ones
              </Button>
            ) : null}
          </Panel>
        )}
      </Answer>
    </>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const [words, setWords] = useState('');
  const shown = entries.filter((entry) => fits(entry, words));
  if (entries.length === 0) return <Empty>Nobody has changed anything yet.</Empty>;
  return (
    <>
      <p className="audit-search">
        <input
          type="search"
          aria-label="Search what is shown"
          placeholder="Key, operation, cluster, error …"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <span role="status" className="hint">
          {words === '' ? '' : `${shown.length} of ${entries.length} that were read`}
        </span>
      </p>
      <TableFrame label="Calls that changed something">
        <table className="audit">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Key</th>
              <th scope="col">Through</th>
              <th scope="col">What</th>
              <th scope="col">On</th>
              <th scope="col">End</th>
              <th scope="col">Request</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <tr key={entry.id}>
                <td>
                  <Moment at={entry.at} />
                </td>
                <td>
                  <code>{entry.keyId ?? 'nobody'}</code>
                </td>
                <td>{entry.face}</td>
                <td>{entry.operation}</td>
                <td className="audit-subject">{entry.subject}</td>
                <td>
                  <End entry={entry} />
                </td>
                <td>
                  <code className="hint">{entry.requestId}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

const refusedFrom = 400;

function End({ entry: { status, errorCode } }: { readonly entry: AuditEntry }) {
  if (status < refusedFrom) return <Badge tone="ok" icon="check" says={`${status}`} />;
  return (
    <Badge
      tone={status >= 500 ? 'bad' : 'warn'}
      icon="cross"
      says={errorCode === null ? `${status}` : `${status} ${errorCode}`}
    />
  );
}

/** Every word must be somewhere in the line. */
function fits(entry: AuditEntry, words: string): boolean {
  const text = [entry.keyId, entry.face, entry.operation, entry.subject, entry.errorCode, entry.status, entry.requestId]
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
