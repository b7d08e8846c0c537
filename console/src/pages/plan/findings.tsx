import { useId } from 'react';
import type { CheckReport, Plan } from '../../api/index.ts';
import { Badge, CouldNotRun, FindingItem, type IconName, Panel, TableFrame, type Tone } from '../../components/index.ts';
import { endsOfChecks, type FoundByCheck, type Held } from './held.ts';

/** A thousand indices with the same trouble are told by the first few. */
const shownPerCheck = 20;
const openUpTo = 3;

interface Props {
  readonly plan: Plan;
  readonly held: Held;
  readonly accepted: ReadonlySet<string>;
  onAccept(check: string, isAccepted: boolean): void;
}

/** What was found, by what it does to a start. */
export function Findings({ plan, held, accepted, onAccept }: Props) {
  const group = (one: FoundByCheck, isAcceptable: boolean) => (
    <Group key={one.check} group={one} plan={plan}>
      {isAcceptable ? <Accept check={one.check} isAccepted={accepted.has(one.check)} onAccept={onAccept} /> : null}
    </Group>
  );
  return (
    <>
      {held.hazards.length === 0 ? null : (
        <Panel title="Hazards: to be cleared before anything starts">{held.hazards.map((one) => group(one, false))}</Panel>
      )}
      {held.policy.length + held.couldNotRun.length === 0 ? null : (
        <Panel title="To be cleared, or accepted by name">
          {held.policy.map((one) => group(one, true))}
          {held.couldNotRun.map((report) => (
            <div key={report.check} className="found-group">
              <CouldNotRun report={report as CheckReport} />
              <Accept check={report.check} isAccepted={accepted.has(report.check)} onAccept={onAccept} />
            </div>
          ))}
        </Panel>
      )}
      {held.stopsLater.length === 0 ? null : (
        <Panel title="Where it will stop unless this is cleared on the way">
          {held.stopsLater.map((one) => group(one, false))}
        </Panel>
      )}
      {held.passing.length === 0 ? null : (
        <Panel title="Passes by itself: the upgrade waits for it before it touches anything">
          {held.passing.map(({ check, asks, findings }) => (
            <details key={check} open={findings.length <= openUpTo}>
              <summary>
                {asks ?? check}{' '}
                <span className="hint">{findings.length === 1 ? 'One does not yet' : `${findings.length} do not yet`}</span>
              </summary>
              <ul className="plain-list">
                {findings.map(({ hop, subject, says }) => (
                  <li key={`${hop} ${subject} ${says}`}>{says}</li>
                ))}
              </ul>
            </details>
          ))}
        </Panel>
      )}
      <Checks plan={plan} />
    </>
  );
}

function Group({
  group,
  plan,
  children,
}: {
  readonly group: FoundByCheck;
  readonly plan: Plan;
  readonly children: React.ReactNode;
}) {
  const shown = group.findings.slice(0, shownPerCheck);
  return (
    <div className="found-group">
      {shown.map((found) => (
        <div key={`${found.hop} ${found.subject} ${found.says}`}>
          <FindingItem finding={found as Plan['findings'][number]} />
          {plan.hops.length > 1 ? <p className="hint">Hop {found.hop + 1}</p> : null}
        </div>
      ))}
      {shown.length < group.findings.length ? <p className="hint">and {group.findings.length - shown.length} more</p> : null}
      {children}
    </div>
  );
}

interface AcceptProps {
  readonly check: string;
  readonly isAccepted: boolean;
  onAccept(check: string, isAccepted: boolean): void;
}

function Accept({ check, isAccepted, onAccept }: AcceptProps) {
  const id = useId();
  return (
    <p className="accept">
      <input id={id} type="checkbox" checked={isAccepted} onChange={(event) => onAccept(check, event.target.checked)} />
      <label htmlFor={id}>
        I accept <code>{check}</code> <span className="hint">It is recorded with the upgrade and your key.</span>
      </label>
    </p>
  );
}

const looks: Readonly<Record<string, { readonly tone: Tone; readonly icon: IconName }>> = {
  passed: { tone: 'ok', icon: 'check' },
  found: { tone: 'warn', icon: 'warning' },
  'could-not-run': { tone: 'warn', icon: 'question' },
  'not-applicable': { tone: 'idle', icon: 'dot' },
};
const unheardOf = { tone: 'idle', icon: 'question' } as const;

/** Every question that was asked, and how it ended. */
function Checks({ plan }: { readonly plan: Plan }) {
  const ends = endsOfChecks(plan);
  const says = (kind: string) => ends.find((end) => end.kind === kind)?.says ?? kind;
  return (
    <Panel title={`${plan.reports.length} checks`}>
      <ul className="ends">
        {ends.map(({ kind, says: word, count }) => (
          <li key={kind}>
            <Badge {...(looks[kind] ?? unheardOf)} says={`${count} ${word}`} />
          </li>
        ))}
      </ul>
      <details>
        <summary>Every check</summary>
        <TableFrame label="Every check">
          <table className="checks">
            <thead>
              <tr>
                <th scope="col">Question</th>
                {plan.hops.length > 1 ? <th scope="col">Hop</th> : null}
                <th scope="col">End</th>
              </tr>
            </thead>
            <tbody>
              {plan.reports.map(({ check, asks, hop, result }) => (
                <tr key={`${check} ${hop}`}>
                  <td>
                    {asks} <code className="hint">{check}</code>
                    {'because' in result ? <p className="hint">{result.because}</p> : null}
                  </td>
                  {plan.hops.length > 1 ? <td>{hop + 1}</td> : null}
                  <td>
                    <Badge {...(looks[result.kind] ?? unheardOf)} says={says(result.kind)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </details>
    </Panel>
  );
}
