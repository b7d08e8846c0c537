/**
 * control: the use cases behind every public API, and the loop that lifts clusters.
 * It does not know: HTTP, any public API's shapes, any concrete engine or host, SQL.
 */
export type * from './control.ts';
export { createControl, type RunningControl } from './create-control.ts';
export { startDurableLoop } from './durable/index.ts';
export { advance, giveUp, type LiftParts } from './lift.ts';
export { limits as controlLimits } from './limits.ts';
export { createLookPace, type LookPace } from './look-pace.ts';
export { type ControlParts, type Engineering, engineOf, type Loop, type Trials } from './parts.ts';
export type { RehearseParts } from './rehearse.ts';
export { type Rehearsing, rehearse } from './rehearse-report.ts';
export {
  createRehearsalCases,
  type ObservationExported,
  type RehearsalCases,
  type RehearsalPrepared,
  type RehearsalRan,
  type RehearsalWish,
  type RunRehearsal,
} from './rehearse-upgrade.ts';
export { createTrials, nextReleases, type TrialRunner } from './trials.ts';
export { actionsOfStarted } from './upgrade-actions.ts';
export { createWakes, type Wakes } from './wakes.ts';
