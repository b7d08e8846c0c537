/**
 * What happened in an upgrade, for whoever was not there: printed, or shared by its address.
 * It does not know: anything that the page of the upgrade does not; it tells it from the beginning to the end.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Upgrade, upgradeQuery } from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import {
  Answer,
  Button,
  durationText,
  Facts,
  FindingItem,
  momentText,
  PageHead,
  Panel,
  ReasonNote,
  releaseText,
  UpgradeStatus,
} from '../../components/index.ts';
import { DurationsTable } from '../upgrade/durations-table.tsx';
import { EventList } from '../upgrade/event-list.tsx';
import { MembersChart } from '../upgrade/members-chart.tsx';
import { Timeline } from '../upgrade/timeline.tsx';
import { type Course, useCourse } from '../upgrade/use-course.ts';
import { WaveMapView } from '../upgrade/wave-map-view.tsx';
import { endingSays } from './ending.ts';
import '../upgrade/upgrade.css';
import './report.css';

export default function Page({ params: { upgradeId = '' } }: PageProps) {
  const asked = useQuery(upgradeQuery(upgradeId));
  return (
    <>
      {asked.data === undefined ? <PageHead title="What happened" crumbs={[{ name: 'Overview', href: '/' }]} /> : null}
      <Answer asked={asked} what="the report">
        {(upgrade) => <Report upgrade={upgrade} />}
      </Answer>
    </>
  );
}

/** What happened, from the beginning to the end: for whoever was not there, on paper or at this address. */
function Report({ upgrade }: { readonly upgrade: Upgrade }) {
  const course = useCourse(upgrade);
  const name = course.cluster?.name ?? upgrade.clusterId;
  const [from, to] = [releaseText(upgrade.from), releaseText(upgrade.to)];
  const { status, reason } = upgrade;
  return (
    <>
      <PageHead
        title={`What happened: ${name}, ${from} → ${to}`}
        mark={<UpgradeStatus status={status} />}
        crumbs={[
          { name: 'Overview', href: '/' },
          { name, href: `/clusters/${encodeURIComponent(upgrade.clusterId)}` },
          { name: 'Upgrade', href: `/upgrades/${upgrade.id}` },
        ]}
        actions={<Sharing />}
      />
      <Panel title="In short">
        <div className="stack">
          <p className="ending">{endingSays({ status, from, to, reason }, name, durationText(course.times.tookMs))}</p>
          <Summary upgrade={upgrade} course={course} />
          {reason === null ? null : <ReasonNote reason={reason} tone={status === 'stopped' ? 'bad' : 'warn'} />}
        </div>
      </Panel>
      {course.maps.map((map, index) => {
        const hop = course.plan?.hops[index]?.hop;
        if (hop === undefined) return null;
        const title = `Waves of ${releaseText(hop.from)} → ${releaseText(hop.to)}`;
        return (
          <Panel key={title} title={title}>
            <WaveMapView map={map} label={`Wave map of ${releaseText(hop.from)} to ${releaseText(hop.to)}`} />
          </Panel>
        );
      })}
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
      <Accepted upgrade={upgrade} />
      <Panel title="Everything that happened" end={<span className="hint">oldest first</span>}>
        <EventList entries={course.story} all />
      </Panel>
    </>
  );
}

function Summary({ upgrade, course }: { readonly upgrade: Upgrade; readonly course: Course }) {
  const { tookMs, restedMs, expectedMs } = course.times;
  const doors = (course.plan?.hops ?? []).flatMap(({ oneWayDoors }) => oneWayDoors);
  const longest = [...course.durations].sort((one, other) => other.awayMs - one.awayMs)[0];
  return (
    <Facts
      of={[
        ['Began', momentText(upgrade.createdAt)],
        ['Ended', upgrade.endedAt === null ? 'not yet' : momentText(upgrade.endedAt)],
        ['Took', `${durationText(tookMs)}${restedMs < 1_000 ? '' : `, of that ${durationText(restedMs)} at rest`}`],
        ['Was expected to take', expectedMs === null ? 'not known' : durationText(expectedMs)],
        ['Started by', upgrade.startedBy],
        ['Members lifted', `${course.progress.over} of ${course.progress.of}`],
        ['Longest away', longest === undefined ? 'nobody' : `${longest.members.join(', ')}, ${durationText(longest.awayMs)}`],
        ['No way back since', doors.length === 0 ? 'there was always a way back' : doors.join(' ')],
        ['Upgrade', <code key="id">{upgrade.id}</code>],
      ]}
    />
  );
}

/** What people went on in spite of. */
function Accepted({ upgrade }: { readonly upgrade: Upgrade }) {
  if (upgrade.recorded.length === 0 && upgrade.acknowledged.length === 0) return null;
  return (
    <Panel title="What was accepted, or did not hold it">
      {upgrade.acknowledged.length === 0 ? null : (
        <p>
          Accepted by name: <b>{upgrade.acknowledged.join(', ')}</b>
        </p>
      )}
      {upgrade.recorded.map((finding) => (
        <FindingItem key={`${finding.check} ${finding.hop} ${finding.subject} ${finding.says}`} finding={finding} />
      ))}
    </Panel>
  );
}

/** Whoever opens the address signs in first; without a secure connection a browser copies nothing for a page. */
function Sharing() {
  const [says, setSays] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      setSays('The address is copied.');
    } catch {
      setSays('Copy the address from the browser’s address bar.');
    }
  };
  return (
    <>
      <span role="status" className="hint sharing-says">
        {says}
      </span>
      <Button onClick={() => void copy()}>Copy the address</Button>
      <Button onClick={() => window.print()}>Print</Button>
    </>
  );
}
