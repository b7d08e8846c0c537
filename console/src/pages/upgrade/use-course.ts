import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  type Cluster,
  clusterQuery,
  type Observation,
  observationQuery,
  type Plan,
  planQuery,
  type Upgrade,
} from '../../api/index.ts';
import { releaseText, useNow } from '../../components/index.ts';
import { type Count, countsOverTime, durationsOf, type Times, timesOf, type WaveDuration } from './course-of-time.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { type Entry, storyOf } from './story.ts';
import { type Taking, takingsOf } from './takings.ts';
import { type TimeScale, timeScaleOf } from './time-scale.ts';
import { type Events, useEvents } from './use-events.ts';
import { progressOf, type WaveMap, waveMapOf } from './wave-map.ts';

/** Times move on while they are looked at. */
const tickMs = 1_000;
/** Of an upgrade that has ended nothing moves any more. */
const restMs = 3_600_000;

export interface Course extends Events {
  readonly cluster: Cluster | null;
  readonly plan: Plan | null;
  readonly observation: Observation | null;
  readonly story: readonly Entry[];
  readonly takings: readonly Taking[];
  /** One for each hop; none where the plan was forgotten. */
  readonly maps: readonly WaveMap[];
  readonly progress: { readonly over: number; readonly of: number };
  readonly times: Times;
  readonly durations: readonly WaveDuration[];
  readonly counts: readonly Count[];
  readonly lanes: readonly Lane[];
  readonly scale: TimeScale;
  /** Every release of the route, the oldest first. */
  readonly releases: readonly string[];
  readonly members: readonly string[];
  readonly untilMs: number;
}

/** Everything that is shown of an upgrade, made from what the server told of it. */
export function useCourse(upgrade: Upgrade): Course {
  const isOver = upgrade.endedAt !== null;
  const nowMs = useNow(isOver ? restMs : tickMs);
  const cluster = useQuery(clusterQuery(upgrade.clusterId)).data ?? null;
  const plan = useQuery(planQuery(upgrade.planId)).data ?? null;
  const observation = useQuery({ ...observationQuery(upgrade.clusterId), enabled: !isOver }).data ?? null;
  const followed = useEvents(upgrade.id);
  const { events } = followed;
  const told = useMemo(() => ({ story: storyOf(events), takings: takingsOf(plan, events) }), [events, plan]);
  const fromMs = Date.parse(upgrade.createdAt);
  // The clocks of the server and of the reader differ a little; nothing is drawn before it happened.
  const untilMs =
    upgrade.endedAt !== null ? Date.parse(upgrade.endedAt) : Math.max(nowMs, Date.parse(events.at(-1)?.at ?? upgrade.createdAt));
  const maps = (plan?.hops ?? []).map((_, hop) =>
    waveMapOf({
      plan: plan ?? { hops: [] },
      hop,
      cluster,
      course: upgrade,
      takings: told.takings,
      arrived: arrivedAt(plan, hop, observation),
    }),
  );
  const members = [...new Set((plan?.hops ?? []).flatMap(({ waves }) => waves.flat()))];
  const hops = plan?.hops.length ?? 1;
  const durations = durationsOf(told.takings, untilMs);
  return {
    ...followed,
    ...told,
    ...{ cluster, plan, observation, maps, members, durations, untilMs },
    progress: progressOf(maps),
    times: timesOf(upgrade, told.story, plan?.estimateSeconds ?? null, untilMs),
    counts: countsOverTime(members, hops, told.takings, fromMs, untilMs),
    scale: timeScaleOf(told.story, fromMs, untilMs),
    lanes: lanesOf(told.takings, durations, told.story, hops, untilMs),
    releases: [upgrade.from, ...(plan?.hops ?? []).map(({ hop }) => hop.to)].map(releaseText),
  };
}

function arrivedAt(plan: Plan | null, hop: number, observation: Observation | null): ReadonlySet<string> {
  const to = plan?.hops[hop]?.hop.to;
  const there = (observation?.members ?? []).filter(
    ({ release }) => to !== undefined && release?.version === to.version && (to.build === null || release.build === to.build),
  );
  return new Set(there.map(({ name }) => name));
}
