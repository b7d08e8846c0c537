import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { api, type Cluster, type Plan, releasesQuery, trialsQuery } from '../../api/index.ts';
import { Badge, Button, CouldNotRun, Empty, FailureNote, FindingItem, Loading, Panel } from '../../components/index.ts';
import { refusedTrials } from './members.ts';
import { type Target, targetsOf } from './targets.ts';

/** What would hold an upgrade, asked for when somebody wants to know: it looks at the whole cluster. */
export function Readiness({ cluster }: { readonly cluster: Cluster }) {
  const releases = useQuery(releasesQuery(cluster.engine));
  const targets = releases.data === undefined ? null : targetsOf(cluster.release, releases.data);
  return (
    <Panel title="Readiness">
      <div className="stack">
        <Trials clusterId={cluster.id} />
        {targets === null ? (
          <Loading what="the catalog" />
        ) : (
          <Asking key={cluster.release.version} cluster={cluster} targets={targets} />
        )}
      </div>
    </Panel>
  );
}

function Asking({ cluster, targets }: { readonly cluster: Cluster; readonly targets: readonly Target[] }) {
  const [version, setVersion] = useState(targets[0]?.version ?? '');
  const id = useId();
  const check = useMutation({
    mutationFn: ({ version, build }: Target) =>
      api.post<Plan>(`/clusters/${encodeURIComponent(cluster.id)}/plans`, {
        to: { version, ...(build === undefined ? {} : { build }) },
      }),
  });
  const target = targets.find((one) => one.version === version);
  if (target === undefined) return <Empty>The catalog has no way up from here: it runs the newest release.</Empty>;
  const because = cluster.upgradeId === null ? null : 'It is being upgraded. What holds the upgrade is told on its page.';
  return (
    <div>
      <div className="asking">
        <label htmlFor={id}>Would an upgrade go through to</label>
        <select id={id} value={version} onChange={(event) => setVersion(event.target.value)}>
          {targets.map(({ version: to, hops }) => (
            <option key={to} value={to}>
              {to}
              {hops === 1 ? '' : ` (${hops} hops)`}
            </option>
          ))}
        </select>
        <Button icon="search" onClick={() => check.mutate(target)} busy={check.isPending} because={because}>
          Check
        </Button>
        <span className="hint">{because ?? 'Nothing of the cluster is changed.'}</span>
      </div>
      <div className="found" aria-live="polite">
        {check.isPending ? <Loading what="what the checks find" /> : null}
        {check.error === null ? null : <FailureNote failure={check.error} />}
        {check.data === undefined || check.isPending ? null : <Found plan={check.data} />}
      </div>
    </div>
  );
}

function Found({ plan }: { readonly plan: Plan }) {
  const notRun = plan.reports.filter(({ result }) => result.kind === 'could-not-run');
  const passed = plan.reports.filter(({ result }) => result.kind === 'passed').length;
  const holding = plan.findings.filter(({ loopWaits }) => loopWaits !== true).length + notRun.length;
  return (
    <div>
      <p className="pair">
        {holding === 0 ? (
          <Badge tone="ok" icon="check" says={`Ready for ${plan.to.version}`} />
        ) : (
          <Badge
            tone="warn"
            icon="warning"
            says={holding === 1 ? '1 matter before a start' : `${holding} matters before a start`}
          />
        )}
        <span>{passed === 1 ? '1 check passed.' : `${passed} checks passed.`}</span>
        <Link href={`/clusters/${plan.clusterId}/plan?plan=${plan.id}`}>See the whole plan</Link>
      </p>
      {plan.findings.map((finding) => (
        <FindingItem key={`${finding.check} ${finding.hop} ${finding.subject}`} finding={finding} />
      ))}
      {notRun.map((report) => (
        <CouldNotRun key={`${report.check} ${report.hop}`} report={report} />
      ))}
    </div>
  );
}

/** Trial starts run by themselves: what one refused is known before anybody asks. */
function Trials({ clusterId }: { readonly clusterId: string }) {
  const trials = useQuery(trialsQuery(clusterId));
  if (trials.data === undefined) return null;
  const refused = refusedTrials(trials.data);
  const passed = trials.data.filter(({ outcome }) => outcome.kind === 'passed').length;
  const going = trials.data.filter(({ outcome }) => outcome.kind === 'running' || outcome.kind === 'pending').length;
  if (trials.data.length === 0) return null;
  return (
    <div className="stack">
      <p className="pair">
        <span>Trial starts of the next releases:</span>
        {passed > 0 ? <Badge tone="ok" icon="check" says={`${passed} passed`} /> : null}
        {going > 0 ? <Badge tone="busy" icon="clock" says={`${going} to come`} /> : null}
        {refused.length > 0 ? <Badge tone="bad" icon="stop" says={`${refused.length} refused`} /> : null}
      </p>
      {refused.map(({ release, members, lastLines }) => (
        <article className="finding" key={`${release} ${members.join()}`}>
          <p className="finding-says">
            {release} does not start with the settings of {members.join(', ')}. It says:
          </p>
          <pre className="lines">{lastLines.join('\n')}</pre>
        </article>
      ))}
    </div>
  );
}
