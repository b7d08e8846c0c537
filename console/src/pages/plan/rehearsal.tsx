import type { Plan, Rehearsal } from '../../api/index.ts';
import { Badge, Button, durationText, Facts, FailureNote, type IconName, Panel, type Tone } from '../../components/index.ts';
import { fewestOf } from './fewest.ts';
import { type FaultGroup, faultGroupsOf } from './rehearsed.ts';
import { useRehearsal } from './use-rehearsal.ts';
import '../upgrade/progress.css';

/** The same upgrade on a simulated twin, many times and then with faults: the cluster itself is looked at once. */
export function RehearsalPanel({ plan }: { readonly plan: Plan }) {
  const { state, begin, end } = useRehearsal();
  const start = () => begin({ clusterId: plan.clusterId, to: plan.to });
  return (
    <Panel
      title="Rehearsal"
      end={
        state.kind === 'running' ? (
          <Button onClick={end}>End it</Button>
        ) : (
          <Button onClick={start}>{state.kind === 'done' ? 'Rehearse again' : 'Rehearse it'}</Button>
        )
      }
    >
      {state.kind === 'none' ? (
        <p className="hint">
          Lifts a simulated twin of this cluster ten times, and once more with every fault that it can meet. The cluster itself is
          looked at once, and nothing of it is touched.
        </p>
      ) : null}
      {state.kind === 'running' ? <Runs made={state.made} of={state.of} /> : null}
      {state.kind === 'failed' ? <FailureNote failure={state.failure} again={start} /> : null}
      {state.kind === 'done' ? <Report report={state.report} plan={plan} /> : null}
    </Panel>
  );
}

function Runs({ made, of }: { readonly made: number; readonly of: number | null }) {
  return (
    <div role="status">
      <p>{of === null ? 'The twin is being made …' : `Run ${made} of ${of} …`}</p>
      <progress className="progress" aria-label="Runs made" max={of ?? 1} value={made} />
    </div>
  );
}

function Report({ report, plan }: { readonly report: Rehearsal; readonly plan: Plan }) {
  const { done, runs, tookMs, findings, faults, violations, assumed } = report;
  const groups = faultGroupsOf(faults);
  return (
    <div className="stack">
      <Facts
        of={[
          ['Without a fault', done === runs ? `done in all ${runs} runs` : `done in ${done} of ${runs} runs`],
          ['Takes', tookMs === null ? 'not known' : `${between(tookMs.min, tookMs.max)}, mostly ${durationText(tookMs.median)}`],
          ['The plan expects', durationText(plan.estimateSeconds * 1_000)],
          fewestOf(report),
        ]}
      />
      {violations.map((says) => (
        <p key={says} className="note note-bad">
          Must not happen, and did: {says}
        </p>
      ))}
      {findings.length === 0 ? null : (
        <div>
          <h3>What a dry run cannot see</h3>
          <ul className="plain-list">
            {findings.map(({ says, remedy, runs: inRuns }) => (
              <li key={says}>
                {says}{' '}
                <span className="hint">
                  in {inRuns} of {runs} runs
                </span>
                <p>
                  <b>What to do:</b> {remedy}
                </p>
              </li>
            ))}
          </ul>
        </div>
      )}
      {groups.length === 0 ? null : (
        <div>
          <h3>With a fault</h3>
          <ul className="faults">
            {groups.map((group) => (
              <Fault key={`${group.says} ${group.status}`} group={group} />
            ))}
          </ul>
        </div>
      )}
      <details>
        <summary>What was assumed</summary>
        <ul className="plain-list">
          {assumed.map((says) => (
            <li key={says}>{says}</li>
          ))}
        </ul>
      </details>
      {report.made < report.wanted ? (
        <p className="hint">
          The time was over after {report.made} of {report.wanted} runs.
        </p>
      ) : null}
    </div>
  );
}

const endLooks: Readonly<Record<FaultGroup['ends'], { readonly tone: Tone; readonly icon: IconName; readonly says: string }>> = {
  passes: { tone: 'ok', icon: 'check', says: 'Gets over it' },
  stops: { tone: 'warn', icon: 'stop', says: 'Stops for a person' },
  'goes-back': { tone: 'warn', icon: 'back', says: 'Goes back by itself' },
  'does-not-end': { tone: 'bad', icon: 'clock', says: 'Does not end' },
  otherwise: { tone: 'warn', icon: 'question', says: 'Ends otherwise' },
};

function Fault({ group }: { readonly group: FaultGroup }) {
  return (
    <li>
      <Badge {...endLooks[group.ends]} />
      <div>
        <p>
          <b>{group.says}</b> <span className="hint">after {between(group.shortestMs, group.longestMs)}</span>
        </p>
        {group.reason === null ? null : (
          <p>
            {group.reason.says} <b>To go on:</b> {group.reason.clearedBy}
          </p>
        )}
        {group.remarks.map((says) => (
          <p key={says}>{says}</p>
        ))}
      </div>
    </li>
  );
}

function between(leastMs: number, mostMs: number): string {
  const [least, most] = [durationText(leastMs), durationText(mostMs)];
  return least === most ? least : `${least} to ${most}`;
}
