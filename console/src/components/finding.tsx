/** What checks found, with what to do about it. */
import type { CheckReport, Finding } from '../api/index.ts';
import { Badge } from './status.tsx';

type Found = Pick<Finding, 'check' | 'kind' | 'subject' | 'says' | 'evidence' | 'remedy' | 'loopWaits'>;

export function FindingItem({ finding }: { readonly finding: Found }) {
  return (
    <article className="finding">
      <div className="finding-head">
        {finding.loopWaits === true ? (
          <Badge tone="busy" icon="clock" says="The upgrade waits for it" />
        ) : finding.kind === 'hazard' ? (
          <Badge tone="bad" icon="stop" says="Holds every start" />
        ) : (
          <Badge tone="warn" icon="warning" says="To be accepted by name" />
        )}
        <span className="finding-subject">{finding.subject}</span>
      </div>
      <p className="finding-says">{finding.says}</p>
      <p>
        <b>Remedy:</b> {finding.remedy}
      </p>
      {finding.evidence.length === 0 ? null : (
        <details>
          <summary>What was seen</summary>
          <ul className="evidence">
            {finding.evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
      <p className="note-code">
        <code>{finding.check}</code>
      </p>
    </article>
  );
}

/** A check that could not run has passed nothing. */
export function CouldNotRun({ report }: { readonly report: CheckReport }) {
  if (report.result.kind !== 'could-not-run') return null;
  return (
    <article className="finding">
      <div className="finding-head">
        <Badge tone="warn" icon="question" says="Could not be asked" />
        <span className="finding-subject">{report.asks}</span>
      </div>
      <p className="finding-says">{report.result.because}</p>
      <p className="note-code">
        <code>{report.check}</code>
      </p>
    </article>
  );
}
