/**
 * Who changed what, through which API, and with which end.
 * It does not know: what was sent, which nobody keeps.
 */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { PageProps } from '../../app/pages.ts';
import { Answer, Badge, Button, Empty, Moment, PageHead, Panel, TableFrame } from '../../components/index.ts';
import { type AuditEntry, auditQuery } from './audit-query.ts';
import { clusterPageOf, fits, pageOf } from './looked-for.ts';
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
          placeholder="Key, action, cluster, error …"
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
              <th scope="col">What</th>
              <th scope="col">On</th>
              <th scope="col">End</th>
              <th scope="col">Key</th>
              <th scope="col">Through</th>
              <th scope="col">Request, from</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <tr key={entry.id}>
                <td className="audit-when">
                  <Moment at={entry.at} />
                </td>
                <td>{entry.action}</td>
                <td className="audit-about">
                  <About entry={entry} />
                  <Made entry={entry} />
                </td>
                <td>
                  <End entry={entry} />
                </td>
                <td>
                  <code>{entry.keyId}</code>
                </td>
                <td>{entry.via === 'session' ? 'console' : entry.face}</td>
                <td className="hint audit-request">
                  <code>{entry.requestId}</code> {entry.address}
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
const faultFrom = 500;

function End({ entry: { status, code } }: { readonly entry: AuditEntry }) {
  if (status < refusedFrom) return <Badge tone="ok" icon="check" says={`${status}`} />;
  return (
    <Badge tone={status >= faultFrom ? 'bad' : 'warn'} icon="cross" says={code === null ? `${status}` : `${status} ${code}`} />
  );
}

function About({ entry }: { readonly entry: AuditEntry }) {
  const { about } = entry;
  const page = clusterPageOf(entry);
  if (page !== null) return <Link href={page}>{about}</Link>;
  return about === '*' ? null : <span>{about}</span>;
}

function Made({ entry }: { readonly entry: AuditEntry }) {
  const page = pageOf(entry.made);
  if (entry.made === null) return null;
  return <p className="hint">made {page === null ? entry.made : <Link href={page}>{entry.made}</Link>}</p>;
}
