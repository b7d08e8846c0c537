/**
 * What the native API answers with, from the schemas that the server makes its answers and its OpenAPI document from. Types
 * alone: nothing of the server's code is in the console, and no other file of the console may look into `src`.
 */
import type { Static } from 'typebox';
import type * as wire from '../../../src/faces/native/wire/index.ts';

export type Cluster = Static<typeof wire.Cluster>;
export type ClusterNode = Cluster['nodes'][number];
export type Observation = Static<typeof wire.Observation>;
export type SeenMember = Observation['members'][number];
export type MemberTrial = Static<typeof wire.MemberTrial>;
export type Release = Static<typeof wire.Release>;
export type Reason = Static<typeof wire.Reason>;
export type Plan = Static<typeof wire.Plan>;
export type Finding = Static<typeof wire.Finding>;
export type CheckReport = Static<typeof wire.CheckReport>;
export type Rehearsal = Static<typeof wire.Rehearsal>;
export type Upgrade = Static<typeof wire.Upgrade>;
export type UpgradeEvent = Static<typeof wire.UpgradeEvent>;
export type ReleaseList = Static<typeof wire.ReleaseList>;
export type Key = Static<typeof wire.Key>;
export type Policy = Static<typeof wire.Policy>;
export type Session = Static<typeof wire.Session>;
