import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import {
  type Cluster,
  clusterQuery,
  type Observation,
  observationQuery,
  type ReleaseList,
  releasesQuery,
  type Upgrade,
  upgradesOfQuery,
} from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import {
  Answer,
  ClusterStatus,
  engineNames,
  Facts,
  Moment,
  momentText,
  PageHead,
  Panel,
  ReasonNote,
  ReleaseName,
  releaseText,
} from '../../components/index.ts';
import { SupportEnd } from '../../components/support.tsx';
import { soonDays } from '../overview/rows.ts';
import { type Support, supportOf } from '../releases/support.ts';
import { Health } from './health.tsx';
import { History } from './history.tsx';
import { Members } from './members-view.tsx';
import { Readiness } from './readiness.tsx';
import './cluster.css';

/** One cluster: its members as they are now, what holds an upgrade, and what was done before. */
export default function ClusterPage({ params }: PageProps) {
  const clusterId = params.clusterId ?? '';
  const cluster = useQuery(clusterQuery(clusterId));
  const observation = useQuery(observationQuery(clusterId));
  const upgrades = useQuery(upgradesOfQuery(clusterId));
  return (
    <>
      {cluster.data === undefined ? <PageHead title="Cluster" crumbs={overview} /> : null}
      <Answer asked={cluster} what="the cluster">
        {(data) => (
          <ClusterView
            cluster={data}
            observation={observation.data}
            upgrade={upgrades.data?.upgrades.find(({ id }) => id === data.upgradeId) ?? null}
          >
            <Answer asked={upgrades} what="the history">
              {(page) => <History upgrades={page.upgrades} hasMore={page.next !== null} />}
            </Answer>
          </ClusterView>
        )}
      </Answer>
    </>
  );
}

const overview = [{ name: 'Overview', href: '/' }];

interface ViewProps {
  readonly cluster: Cluster;
  readonly observation: Observation | undefined;
  readonly upgrade: Upgrade | null;
  readonly children: React.ReactNode;
}

function ClusterView({ cluster, observation, upgrade, children }: ViewProps) {
  return (
    <>
      <PageHead
        title={cluster.name}
        mark={<ClusterStatus status={cluster.status} />}
        crumbs={overview}
        actions={<NextStep cluster={cluster} />}
      >
        {cluster.description === '' ? null : <p className="muted">{cluster.description}</p>}
      </PageHead>
      <Standing cluster={cluster} upgrade={upgrade} />
      <Panel title="About it">
        <About cluster={cluster} />
      </Panel>
      <Panel title="Members" end={observation === undefined ? null : <SeenAt observation={observation} />}>
        <Health observation={observation} />
        <Members cluster={cluster} observation={observation} inHand={upgrade?.inHand ?? []} />
      </Panel>
      <Readiness cluster={cluster} />
      <Panel title="History">{children}</Panel>
    </>
  );
}

function NextStep({ cluster }: { readonly cluster: Cluster }) {
  return cluster.upgradeId === null ? (
    <Link className="button button-main" href={`/clusters/${cluster.id}/plan`}>
      Plan an upgrade
    </Link>
  ) : (
    <Link className="button button-main" href={`/upgrades/${cluster.upgradeId}`}>
      Follow the upgrade
    </Link>
  );
}

/** What a person should know before anything else. */
function Standing({ cluster, upgrade }: Pick<ViewProps, 'cluster' | 'upgrade'>) {
  const leaving =
    cluster.deleteAfter === null ? null : (
      <p>It is removed at {momentText(cluster.deleteAfter)}, unless it is restored before.</p>
    );
  if (upgrade === null) return cluster.statusReason === null ? leaving : <p>{cluster.statusReason}</p>;
  const tone = upgrade.status === 'stopped' ? 'bad' : upgrade.status === 'running' ? 'busy' : 'warn';
  return (
    <>
      <p>
        It is being lifted from {releaseText(upgrade.from)} to <b>{releaseText(upgrade.to)}</b>, since{' '}
        <Moment at={upgrade.createdAt} />.
      </p>
      {upgrade.reason === null ? null : <ReasonNote reason={upgrade.reason} tone={tone} />}
    </>
  );
}

function About({ cluster }: { readonly cluster: Cluster }) {
  const releases = useQuery(releasesQuery(cluster.engine));
  const dated = releases.data?.releases.find(({ version }) => version === cluster.release.version);
  const tags = Object.entries(cluster.tags);
  return (
    <div className="stack">
      <Facts
        of={[
          ['Engine', engineNames[cluster.engine]],
          ['Release', <ReleaseName key="release" release={cluster.release} />],
          [
            'Support',
            <SupportEnd key="support" support={releases.data === undefined ? null : supportNow(dated)} soonDays={soonDays} />,
          ],
          ['Region', cluster.region],
          ['Origin', cluster.origin === 'created' ? 'Made here' : 'Registered; it belongs to its owner'],
          ['Under care since', <Moment key="since" at={cluster.createdAt} />],
          ['Id', <code key="id">{cluster.id}</code>],
          ...(cluster.endpoint === null ? [] : [['Endpoint', <code key="endpoint">{cluster.endpoint}</code>] as const]),
        ]}
      />
      {tags.length === 0 ? null : <Tags tags={tags} />}
    </div>
  );
}

/** The catalog may have no dates of it, or not know it. */
function supportNow(dated: ReleaseList['releases'][number] | undefined): Support {
  return dated === undefined ? { kind: 'not-dated' } : supportOf(dated, Date.now());
}

function Tags({ tags }: { readonly tags: readonly (readonly [string, string])[] }) {
  return (
    <ul className="tags" aria-label="Tags">
      {tags.map(([name, value]) => (
        <li key={name}>
          <code>
            {name}={value}
          </code>
        </li>
      ))}
    </ul>
  );
}

const SeenAt = ({ observation }: { readonly observation: Observation }) => (
  <span className="hint">
    Looked at <Moment at={observation.at} />
  </span>
);
