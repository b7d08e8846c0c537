/**
 * An upgrade while it runs, and afterwards: what happens, why it waits, what is left, what can be done.
 * It does not know: what may be done now (the server says that), how an upgrade is planned.
 */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Upgrade, upgradeQuery } from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import { Answer, durationText, Moment, PageHead, Panel, releaseText, TableFrame, UpgradeStatus } from '../../components/index.ts';
import { DurationsTable } from './durations-table.tsx';
import { EventList } from './event-list.tsx';
import { MembersChart } from './members-chart.tsx';
import { Now } from './now.tsx';
import { Timeline } from './timeline.tsx';
import { type Course, useCourse } from './use-course.ts';
import { WaveMapView } from './wave-map-view.tsx';
import './upgrade.css';

export default function Page({ params: { upgradeId = '' } }: PageProps) {
  const asked = useQuery(upgradeQuery(upgradeId));
  return (
    <>
      {asked.data === undefined ? <PageHead title="Upgrade" crumbs={[{ name: 'Overview', href: '/' }]} /> : null}
      <Answer asked={asked} what="the upgrade">
        {(upgrade) => <Shown upgrade={upgrade} />}
      </Answer>
    </>
  );
}

function Shown({ upgrade }: { readonly upgrade: Upgrade }) {
  const course = useCourse(upgrade);
  const name = course.cluster?.name ?? upgrade.clusterId;
  return (
    <>
      <PageHead
        title={`${name}: ${releaseText(upgrade.from)} → ${releaseText(upgrade.to)}`}
        mark={<UpgradeStatus status={upgrade.status} />}
        crumbs={[
          { name: 'Overview', href: '/' },
          { name, href: `/clusters/${encodeURIComponent(upgrade.clusterId)}` },
        ]}
      >
        <p className="hint">
          Started <Moment at={upgrade.createdAt} /> by {upgrade.startedBy}
          {upgrade.acknowledged.length === 0 ? null : `, accepting ${upgrade.acknowledged.join(', ')}`} ·{' '}
          <Link href={`/upgrades/${upgrade.id}/report`}>Report</Link>
        </p>
      </PageHead>
      <Now upgrade={upgrade} course={course} />
      <Maps upgrade={upgrade} course={course} />
      <div className="two-columns">
        <Panel title="Members over time">
          <MembersChart counts={course.counts} releases={course.releases} members={course.members.length} scale={course.scale} />
        </Panel>
        <Panel title="Duration of each wave">
          <DurationsTable durations={course.durations} hops={course.plan?.hops.length ?? 1} />
        </Panel>
      </div>
      <Panel title="Timeline">
        <Timeline lanes={course.lanes} scale={course.scale} />
      </Panel>
      <Seen course={course} />
      <Panel title="Events" end={<span className="hint">newest first</span>}>
        <EventList entries={[...course.story].reverse()} />
      </Panel>
    </>
  );
}

/** The hop in hand is open; those before and after it can be opened. */
function Maps({ upgrade, course }: { readonly upgrade: Upgrade; readonly course: Course }) {
  const { plan, maps } = course;
  if (plan === null) return null;
  return (
    <Panel title="Wave map">
      {plan.hops.map(({ hop, waves, estimateSeconds }, index) => {
        const map = maps[index];
        if (map === undefined) return null;
        const label = `Wave map of ${releaseText(hop.from)} to ${releaseText(hop.to)}`;
        if (plan.hops.length === 1) return <WaveMapView key={label} map={map} label={label} />;
        return (
          <details key={label} className="hop" open={index === Math.min(upgrade.hop, plan.hops.length - 1)}>
            <summary>
              Hop {index + 1}: {releaseText(hop.from)} → {releaseText(hop.to)}{' '}
              <span className="hint">
                {waves.length === 1 ? '1 wave' : `${waves.length} waves`}, about {durationText(estimateSeconds * 1_000)}
              </span>
            </summary>
            <WaveMapView map={map} label={label} />
          </details>
        );
      })}
    </Panel>
  );
}

/** More members than this are opened by who wants to see them. */
const shownOpen = 12;

/** What the latest look at the cluster found: what its clients meet, as far as the server can know that. */
function Seen({ course }: { readonly course: Course }) {
  const { observation } = course;
  if (observation === null) return null;
  const { health } = observation;
  return (
    <Panel title="The cluster as it was seen last" end={<Moment at={observation.at} />}>
      {observation.reachable ? null : <p className="note note-bad">{observation.because ?? 'It does not answer.'}</p>}
      {health === null ? null : (
        <p>
          Health <b>{health.status}</b>, {health.numberOfNodes} nodes joined. Shards: {health.initializing} initializing,{' '}
          {health.relocating} relocating, {health.unassigned} unassigned
          {health.delayedUnassigned === 0 ? null : ` (${health.delayedUnassigned} delayed)`}.
          {observation.master === null ? null : ` ${observation.master} is the elected master.`}
        </p>
      )}
      <details open={observation.members.length <= shownOpen}>
        <summary>{observation.members.length} members</summary>
        <TableFrame label="Members as they were seen last">
          <table>
            <thead>
              <tr>
                <th scope="col">Member</th>
                <th scope="col">Runs</th>
                <th scope="col">Process</th>
                <th scope="col">In the cluster</th>
              </tr>
            </thead>
            <tbody>
              {observation.members.map(({ name, release, process, joined }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{release === null ? 'not known' : releaseText(release)}</td>
                  <td>{process.state}</td>
                  <td>{joined ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </details>
      {observation.unknowns.map((says) => (
        <p key={says} className="hint">
          Not found out: {says}
        </p>
      ))}
    </Panel>
  );
}
