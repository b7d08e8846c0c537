/**
 * The dry run before a start: the way, the waves, what was found, what is accepted by name, a rehearsal; and the start.
 * It does not know: how anything is checked, whether a start will be taken (the server says that again).
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ApiFailure, api, type Cluster, clusterQuery, keys, type Plan, planQuery, type Upgrade } from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import { Answer, Button, durationText, Facts, FailureNote, Moment, PageHead, Panel } from '../../components/index.ts';
import { Findings } from './findings.tsx';
import { heldBy, whyNotStarted } from './held.ts';
import { RehearsalPanel } from './rehearsal.tsx';
import { Route, Way } from './route.tsx';
import { TargetForm, type Wanted } from './target-form.tsx';
import './plan.css';

export default function Page({ params: { clusterId = '' } }: PageProps) {
  const cluster = useQuery(clusterQuery(clusterId));
  const name = cluster.data?.name ?? clusterId;
  return (
    <>
      <PageHead
        title={`Plan an upgrade of ${name}`}
        crumbs={[
          { name: 'Overview', href: '/' },
          { name, href: `/clusters/${encodeURIComponent(clusterId)}` },
        ]}
      >
        <p className="hint">The dry run: the cluster is looked at, and nothing of it is changed.</p>
      </PageHead>
      <Answer asked={cluster} what="the cluster">
        {(found) => <Planning key={found.id} cluster={found} />}
      </Answer>
    </>
  );
}

/** The address has the target, and then the plan: what was planned can be shared, and is there again after a reload. */
function Planning({ cluster }: { readonly cluster: Cluster }) {
  const [place, go] = useLocation();
  const search = new URLSearchParams(useSearch());
  const planId = search.get('plan');
  const plan = useQuery({ ...planQuery(planId ?? ''), enabled: planId !== null });
  const wanted = wantedOf(search) ?? plan.data?.to ?? null;
  const planning = useMutation({
    mutationFn: ({ version, build }: Wanted) =>
      api.post<Plan>(`/clusters/${encodeURIComponent(cluster.id)}/plans`, {
        to: { version, ...(build === null ? {} : { build }) },
      }),
    onSuccess: ({ id }, asked) => go(`${place}?${addressOf(asked, id)}`, { replace: true }),
  });
  const begun = useRef(false);
  // Who comes from elsewhere with a target has asked for its plan already.
  useEffect(() => {
    if (begun.current || wanted === null || planId !== null) return;
    begun.current = true;
    planning.mutate(wanted);
  });
  return (
    <>
      <Panel title="Where to">
        <TargetForm
          key={`${wanted?.version} ${wanted?.build}`}
          cluster={cluster}
          wanted={wanted}
          busy={planning.isPending}
          again={planId !== null}
          onPlan={(asked) => planning.mutate(asked)}
        />
        <div className="stack plan-trouble">
          {planning.error === null ? null : <FailureNote failure={planning.error} />}
          <Unfinished failure={planning.error} />
        </div>
      </Panel>
      {planId === null ? null : (
        <Answer asked={plan} what="the plan">
          {(found) => <PlanParts key={found.id} plan={found} cluster={cluster} />}
        </Answer>
      )}
    </>
  );
}

function wantedOf(search: URLSearchParams): Wanted | null {
  const version = search.get('to');
  return version === null ? null : { version, build: search.get('build') };
}

function addressOf({ version, build }: Wanted, planId: string): URLSearchParams {
  return new URLSearchParams({ to: version, ...(build === null ? {} : { build }), plan: planId });
}

function PlanParts({ plan, cluster }: { readonly plan: Plan; readonly cluster: Cluster }) {
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const accept = (check: string, isAccepted: boolean) =>
    setAccepted((before) => new Set(isAccepted ? [...before, check] : [...before].filter((one) => one !== check)));
  const held = heldBy(plan);
  const waves = plan.hops.reduce((sum, hop) => sum + hop.waves.length, 0);
  return (
    <>
      <Panel title="The plan" end={<Moment at={plan.madeAt} />}>
        <div className="stack">
          <Way plan={plan} />
          <Facts
            of={[
              ['Takes about', durationText(plan.estimateSeconds * 1_000)],
              ['Hops', plan.hops.length],
              ['Waves', waves],
              ['Made by', plan.madeBy],
            ]}
          />
        </div>
      </Panel>
      <Findings plan={plan} held={held} accepted={accepted} onAccept={accept} />
      <Route plan={plan} cluster={cluster} />
      <Panel title="What will be touched">
        <ul className="plain-list">
          {plan.touches.map((says) => (
            <li key={says}>{says}</li>
          ))}
        </ul>
      </Panel>
      <RehearsalPanel plan={plan} />
      <Start plan={plan} accepted={[...accepted]} because={whyNotStarted(held, accepted)} />
    </>
  );
}

interface StartProps {
  readonly plan: Plan;
  readonly accepted: readonly string[];
  readonly because: string | null;
}

function Start({ plan, accepted, because }: StartProps) {
  const [, go] = useLocation();
  const queries = useQueryClient();
  // The same press sent twice starts it once.
  const token = useRef(newToken());
  const starting = useMutation({
    mutationFn: () => api.post<Upgrade>('/upgrades', { planId: plan.id, acknowledge: accepted, clientToken: token.current }),
    onSuccess: (upgrade) => {
      queries.setQueryData(keys.upgrade(upgrade.id), upgrade);
      void queries.invalidateQueries({ queryKey: keys.upgrades });
      void queries.invalidateQueries({ queryKey: keys.cluster(plan.clusterId) });
      go(`/upgrades/${upgrade.id}`);
    },
    onError: () => {
      token.current = newToken();
    },
  });
  return (
    <section className="panel start-bar" aria-label="Start the upgrade">
      <p className={because === null ? 'start-ready' : ''}>
        {because ??
          `It can start${accepted.length === 0 ? '' : `, accepting ${accepted.join(', ')}`}. What was planned is what runs.`}
      </p>
      <Button kind="main" icon="up" because={because} busy={starting.isPending} onClick={() => starting.mutate()}>
        Start the upgrade
      </Button>
      {starting.error === null ? null : (
        <div className="stack start-trouble">
          <FailureNote failure={starting.error} />
          <Unfinished failure={starting.error} />
        </div>
      )}
    </section>
  );
}

function newToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The upgrade that is in the way is a click away. */
function Unfinished({ failure }: { readonly failure: unknown }) {
  const upgradeId = failure instanceof ApiFailure ? failure.details.upgradeId : undefined;
  return typeof upgradeId === 'string' ? (
    <p>
      <Link href={`/upgrades/${upgradeId}`}>Go to that upgrade</Link>
    </p>
  ) : null;
}
