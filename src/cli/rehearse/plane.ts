/** What an upgrade took from a control plane at the worst, as a person reads it. */
import type { PlaneLow } from '../api/wire.ts';
import { showSeconds } from '../output/words.ts';

/** What everybody is told. */
export function lowRows(plane: PlaneLow): readonly (readonly [string, string])[] {
  const { etcdAway, etcdOf, nodesAway, nodesOf } = plane;
  const gone = missed(plane);
  return [
    ['fewest ready', fewest(plane)],
    ...(etcdOf === 0
      ? []
      : [['etcd', etcdAway === 0 ? `all ${etcdOf} are there` : `${etcdAway} of ${etcdOf} away at most`] as const]),
    [
      'no leader',
      `controller managers ${lasting(plane.withoutControllerManagerMs)}, schedulers ${lasting(plane.withoutSchedulerMs)}`,
    ],
    ...(nodesAway === 0 ? [] : [['nodes', `${nodesAway} of ${nodesOf} away or cordoned at most`] as const]),
    ...(gone.length === 0 ? [] : [['missing', gone.join('; ')] as const]),
  ];
}

/** What nobody should have to do without. */
export function missed({ withoutApiserverMs, withoutQuorumMs }: PlaneLow): readonly string[] {
  return [
    ...(withoutApiserverMs === 0 ? [] : [`no apiserver is ready for ${showMs(withoutApiserverMs)}`]),
    ...(withoutQuorumMs === 0 ? [] : [`etcd has no majority for ${showMs(withoutQuorumMs)}`]),
  ];
}

function fewest({ fewestReady }: PlaneLow): string {
  if (fewestReady === null) return 'as many apiservers as should be, all the time';
  const { ready, of, away, forMs, atMs } = fewestReady;
  return `${ready} of ${of} apiservers while ${away.join(' and ')} ${away.length === 1 ? 'is' : 'are'} not: for ${showMs(forMs)}, ${showMs(atMs)} after the start`;
}

function lasting(milliseconds: number): string {
  return milliseconds < 1_000 ? 'less than a second' : `${showMs(milliseconds)} at most`;
}

function showMs(milliseconds: number): string {
  return showSeconds(milliseconds / 1_000);
}
