/**
 * The catalogs: what can be run, the ways between, and how long each is supported.
 * It does not know: which way a cluster would take (its plan says that).
 */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from 'wouter';
import { type Cluster, clustersQuery, type ReleaseList, releasesQuery } from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import { Answer, Badge, dayText, engineNames, PageHead, Panel, TableFrame, useNow } from '../../components/index.ts';
import { CatalogGraph } from './catalog-graph.tsx';
import { type Support, supportOf } from './support.ts';
import { SupportChart } from './support-chart.tsx';
import { supportLooks } from './support-looks.ts';
import './releases.css';

type Engine = Cluster['engine'];
const engines: readonly Engine[] = ['elasticsearch', 'kubernetes'];
const dayMs = 24 * 60 * 60_000;

export default function Page(_: PageProps) {
  const search = new URLSearchParams(useSearch());
  const engine = engines.find((name) => name === search.get('engine')) ?? 'elasticsearch';
  const asked = useQuery(releasesQuery(engine));
  const clusters = useQuery(clustersQuery).data ?? [];
  return (
    <>
      <PageHead title="Releases">
        <p className="hint">What can be run, how long it is supported, and the ways from one to the next.</p>
      </PageHead>
      <nav aria-label="Engine" className="tabs">
        {engines.map((name) => (
          <Link key={name} href={`/releases?engine=${name}`} aria-current={name === engine ? 'page' : undefined}>
            {engineNames[name]}
          </Link>
        ))}
      </nav>
      <Answer asked={asked} what="the catalog">
        {(list) => <Catalog list={list} clusters={clusters.filter((cluster) => cluster.engine === engine)} />}
      </Answer>
    </>
  );
}

function Catalog({ list, clusters }: { readonly list: ReleaseList; readonly clusters: readonly Cluster[] }) {
  const nowMs = useNow(dayMs);
  const supports = new Map(list.releases.map((release) => [release.version, supportOf(release, nowMs)]));
  const runBy = (version: string) => clusters.filter(({ release }) => release.version === version).length;
  const isDated = [...supports.values()].some(({ kind }) => kind !== 'not-dated');
  return (
    <>
      <Panel title="Ways" end={<span className="hint">A line leads to what a release can be lifted to.</span>}>
        <CatalogGraph list={list} supports={supports} runBy={runBy} />
      </Panel>
      {isDated ? (
        <Panel title="Support">
          <SupportChart releases={list.releases} nowMs={nowMs} />
        </Panel>
      ) : null}
      <Panel title="As a table">
        <ReleaseTable list={list} supports={supports} runBy={runBy} isDated={isDated} />
      </Panel>
    </>
  );
}

interface TableProps {
  readonly list: ReleaseList;
  readonly supports: ReadonlyMap<string, Support>;
  readonly isDated: boolean;
  runBy(version: string): number;
}

function ReleaseTable({ list, supports, isDated, runBy }: TableProps) {
  const newestFirst = [...list.releases].reverse();
  const places = new Map(list.releases.map(({ version }, index) => [version, index]));
  const isBack = (from: string, to: string) => (places.get(to) ?? 0) < (places.get(from) ?? 0);
  const showDay = (instant: string | null) => (instant === null ? '' : dayText(instant));
  return (
    <TableFrame label="Releases">
      <table className="releases">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Builds</th>
            {isDated ? (
              <>
                <th scope="col">Support</th>
                <th scope="col">Released</th>
                <th scope="col">End of standard support</th>
                <th scope="col">End of extended support</th>
              </>
            ) : (
              <th scope="col">Java</th>
            )}
            <th scope="col">Leads to</th>
            <th scope="col">Clusters</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((release) => {
            const support = supports.get(release.version);
            const ways = list.edges.filter(({ from }) => from === release.version);
            return (
              <tr key={release.version}>
                <th scope="row">{release.version}</th>
                <td>{release.builds.join(', ')}</td>
                {isDated ? (
                  <>
                    <td>{support === undefined ? null : <Badge {...supportLooks(support)} />}</td>
                    <td>{showDay(release.releasedAt)}</td>
                    <td>{showDay(release.endOfStandardSupport)}</td>
                    <td>{showDay(release.endOfExtendedSupport)}</td>
                  </>
                ) : (
                  <td>{release.java === null ? '' : `${release.java.min} to ${release.java.max}`}</td>
                )}
                <td>
                  {ways.map(({ to, mode, requires, oneWayDoors }) => (
                    <p key={to} title={[...requires, ...oneWayDoors].join(' ')}>
                      {to}
                      <span className="hint">
                        {mode === 'rolling' ? '' : ` ${mode}`}
                        {isBack(release.version, to)
                          ? ', back'
                          : requires.length === 0
                            ? ''
                            : `, requires ${requires.join(', ')}`}
                        {oneWayDoors.length === 0 ? '' : ', no way back'}
                      </span>
                    </p>
                  ))}
                </td>
                <td>{runBy(release.version) || ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
