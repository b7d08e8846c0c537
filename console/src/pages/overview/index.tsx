import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { clustersQuery, releasesQuery, unfinishedUpgradesQuery } from '../../api/index.ts';
import { Answer, Empty, Icon, PageHead } from '../../components/index.ts';
import { ClusterTable } from './cluster-table.tsx';
import { type FilterName, filters, type Row, rowsOf, shown, type View } from './rows.ts';
import { useView } from './use-view.ts';
import './overview.css';

/** Every cluster of the account: what it runs, how long that is supported, and what goes on. */
export default function OverviewPage() {
  const clusters = useQuery(clustersQuery);
  const upgrades = useQuery(unfinishedUpgradesQuery);
  const elasticsearch = useQuery(releasesQuery('elasticsearch'));
  const kubernetes = useQuery(releasesQuery('kubernetes'));
  const rows = useMemo(
    () =>
      rowsOf({
        clusters: clusters.data ?? [],
        upgrades: upgrades.data ?? [],
        releases: [elasticsearch.data, kubernetes.data].filter((list) => list !== undefined),
        nowMs: Date.now(),
      }),
    [clusters.data, upgrades.data, elasticsearch.data, kubernetes.data],
  );
  return (
    <>
      <PageHead title="Overview" />
      <Answer asked={clusters} what="the clusters">
        {() => (rows.length === 0 ? <NoClusters /> : <Clusters rows={rows} />)}
      </Answer>
    </>
  );
}

function Clusters({ rows }: { readonly rows: readonly Row[] }) {
  const [view, change] = useView();
  const found = shown(rows, view);
  return (
    <>
      <search className="overview-tools">
        <Filters rows={rows} view={view} change={change} />
        <Search view={view} change={change} />
      </search>
      <p className="visually-hidden" role="status">
        {found.length === 1 ? '1 cluster is shown' : `${found.length} clusters are shown`}
      </p>
      {found.length === 0 ? (
        <Empty>No cluster matches. Take a word away, or show all.</Empty>
      ) : (
        <ClusterTable rows={found} view={view} change={change} />
      )}
    </>
  );
}

interface ToolProps {
  readonly view: View;
  readonly change: (change: Partial<View>) => void;
}

function Filters({ rows, view, change }: ToolProps & { readonly rows: readonly Row[] }) {
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Which clusters</legend>
      {Object.entries(filters).map(([name, { name: says, holds }]) => (
        <button
          key={name}
          type="button"
          aria-pressed={view.filter === name}
          onClick={() => change({ filter: name as FilterName })}
        >
          <span className="filter-count">{rows.filter(holds).length}</span> {says}
        </button>
      ))}
    </fieldset>
  );
}

function Search({ view, change }: ToolProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="visually-hidden">Search clusters</span>
      <input
        ref={field}
        type="search"
        placeholder="Name, version, engine, region   ( / )"
        aria-keyshortcuts="/"
        value={view.search}
        onChange={(event) => change({ search: event.target.value })}
      />
    </label>
  );
}

function NoClusters() {
  return (
    <div className="panel empty-start">
      <h2>There is no cluster yet</h2>
      <p>Register one that runs, or make one, with the command line:</p>
      <pre>
        <code>clusterlift cluster add description.yaml</code>
      </pre>
      <p className="hint">Instances that Alibaba’s or Amazon’s clients create on this server come here by themselves.</p>
    </div>
  );
}
