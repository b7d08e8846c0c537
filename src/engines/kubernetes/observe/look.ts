import type {
  EngineIo,
  Instant,
  KubernetesCatalog,
  KubernetesCluster,
  MemberProcess,
  ObservationDepth,
} from '../../../domain/index.ts';
import { type Answer, type Trouble, trouble } from '../client/index.ts';

/** A look ends within this time, whoever hangs. */
export const lookMs: Readonly<Record<ObservationDepth, number>> = { turn: 3_000, plan: 10_000 };

/** Each question has a limit of its own besides: one that hangs must leave time for what is asked after it. */
export const timeouts = {
  /** Whether it is there at all. */
  answersMs: 1_500,
  /** An apiserver or a member of etcd takes two seconds to find out that etcd does not answer. */
  readyMs: 2_500,
  metricsMs: 2_500,
  listMs: 2_500,
} as const;

/** One look: what it may use, and what it could not find out. */
export interface Look {
  readonly cluster: KubernetesCluster;
  readonly catalog: KubernetesCatalog;
  readonly io: EngineIo;
  readonly depth: ObservationDepth;
  readonly until: Instant;
  /** As the hosts told of them before anybody else was asked. */
  readonly processes: ReadonlyMap<string, MemberProcess>;
  readonly unknowns: Set<string>;
}

/** How a sentence of `unknowns` begins that is about one of these: what a check asks for may be among what is not known. */
export const subjects = {
  apiserver: 'apiserver',
  controller: 'controller',
  etcd: 'etcd',
  frontDoor: 'balancer',
  clusterUid: 'uid of the cluster',
  nodes: 'nodes',
  pods: 'pods',
  budgets: 'disruption budgets',
  webhooks: 'webhooks',
  apiServices: 'API services',
  customResources: 'custom resources',
  addons: 'add-ons',
  deprecated: 'deprecated requests',
  storageVersions: 'storage versions',
  newerObjects: 'objects of newer APIs',
} as const;

export type Subject = keyof typeof subjects;

/** What could not be found out about a subject, or null. */
export function unknownAbout(observation: { readonly unknowns: readonly string[] }, subject: Subject): string | null {
  return observation.unknowns.find((says) => says.startsWith(subjects[subject])) ?? null;
}

/** Notes that something is not known. `of`: the member that did not tell. */
export function note(look: Look, subject: Subject, because: string, of?: string): void {
  look.unknowns.add(`${subjects[subject]}${of === undefined ? '' : ` ${of}`}: ${because}`);
}

/** The value of an answer; what went wrong is noted, and something else takes its place. */
export function valueOr<T, E>(look: Look, subject: Subject, answer: Answer<T>, otherwise: E, of?: string): T | E {
  if (answer.kind === 'ok') return answer.value;
  note(look, subject, trouble(answer), of);
  return otherwise;
}

/** Notes that a member did not answer, unless its host knows why: it does not run. */
export function noteSilent(look: Look, subject: Subject, answer: Trouble, member: string): void {
  const { state } = look.processes.get(member) ?? { state: 'unknown' };
  if (answer.kind === 'unreachable' && (state === 'stopped' || state === 'absent')) return;
  note(look, subject, trouble(answer), member);
}
