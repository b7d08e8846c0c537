import type { EventRow, KubernetesLoad, NativeRig, UpgradeRow } from '../../test/rig/index.ts';
import { eventually, kubectl } from '../../test/rig/index.ts';
import { followUpgrade, type Row } from '../follow.ts';
import type { Screen } from '../screen.ts';
import type { Stage } from '../story.ts';
import { clientLine, partOf } from './client.ts';
import type { EksCaller, SeenInsight } from './eks-caller.ts';
import type { Members } from './members.ts';
import { type Phase, phaseOf, phasesOf } from './phases.ts';
import type { HopResult } from './table.ts';

/** The status of an update follows that of the upgrade at once; a call of the aws CLI takes a second or two. */
const describeTimeoutMs = 60_000;
/** The client tells its figures once a second. */
const lastLineTimeoutMs = 10_000;

export interface HopWhat {
  readonly stage: Stage;
  readonly native: NativeRig;
  readonly caller: EksCaller;
  readonly clusterId: string;
  readonly name: string;
  readonly load: KubernetesLoad;
  readonly members: Members;
  readonly rows: readonly Row[];
  readonly kubectlOf: string;
  readonly from: string;
  readonly to: string;
  readonly category: 'UPGRADE_READINESS' | 'ROLLBACK_READINESS';
}

/** One update by the public API, up or back, with what was asked before it and what kubectl sees meanwhile. */
export async function tellHop(what: HopWhat): Promise<HopResult> {
  const { stage, caller, native, clusterId, name, from, to } = what;
  const { screen, signal } = stage;
  screen.heading(`${from} → ${to}`);
  for (const line of showInsights(screen, await caller.insights(name), what.category)) screen.line(line);
  const began = performance.now();
  const started = await caller.update(name, to);
  screen.line(`    ${started.type} ${started.id}: ${started.status}`);
  const meanwhile: Promise<Error | null>[] = [];
  const { upgrade, events } = await followUpgrade(screen, {
    native,
    clusterId,
    versions: () => what.members.versions(),
    isThere: (version, member) => isLifted(member) && version.startsWith(to) && !version.includes(' as '),
    rows: what.rows,
    phaseOf,
    onEvent: (event) => {
      what.members.note(event);
      if (isMiddle(event) && meanwhile.length === 0) meanwhile.push(lookWithKubectl(what));
    },
    client: () => clientLine(screen, what.load.progress()),
    signal,
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const [trouble = null] = await Promise.all(meanwhile);
  if (upgrade.status !== 'done') throw new Error(wentWrong(upgrade, to));
  if (trouble !== null) throw trouble;
  const update = await eventually(`update ${started.id} has ended`, describeTimeoutMs, async () => {
    const now = await caller.describeUpdate(name, started.id);
    return now.status === 'InProgress' ? undefined : now;
  });
  if (update.status !== 'Successful') throw new Error(`The update is ${update.status}: ${JSON.stringify(update.errors)}`);
  screen.line(`  ${screen.good('✔')} ${update.type}: ${update.status} after ${seconds} s`);
  return hopResult(what, seconds, phasesOf(events));
}

function wentWrong({ status, reason }: UpgradeRow, to: string): string {
  const words = [reason?.says, ...(reason?.evidence ?? []), reason?.clearedBy].filter(Boolean);
  return `The upgrade to ${to} is ${status}: ${words.join(' ')}`;
}

/** etcd and nodes stay what they are. */
function isLifted(member: string): boolean {
  return /^(apiserver|controller-manager|scheduler)/.test(member);
}

/** Both minors are about: the new one is watched, or what is stored is written back. */
function isMiddle({ kind, move, reason }: EventRow): boolean {
  return reason?.code === 'k8s.soaking' || (kind === 'acting' && move === 'rewrite-storage');
}

/**
 * As on EKS: a kubeconfig by the API, then kubectl; its answers stand between the events. What goes wrong is given back: the
 * upgrade goes on meanwhile.
 */
async function lookWithKubectl({ stage, caller, name, kubectlOf }: HopWhat): Promise<Error | null> {
  const { screen } = stage;
  try {
    const { file, environment } = await caller.kubeconfig(name);
    const words = ['get', 'nodes'];
    const text = await kubectl(kubectlOf, file, words, environment);
    screen.line(`  ${screen.dim(`$ kubectl ${words.join(' ')}`)}`);
    for (const line of text.trimEnd().split('\n')) screen.line(`    ${line}`);
    return null;
  } catch (error) {
    return new Error(`kubectl in the middle of the upgrade: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function showInsights(screen: Screen, all: readonly SeenInsight[], category: string): readonly string[] {
  const insights = all.filter((insight) => insight.category === category);
  const passing = insights.filter(({ insightStatus }) => insightStatus?.status === 'PASSING');
  const others = insights.filter((insight) => !passing.includes(insight));
  const marks: Readonly<Record<string, string>> = {
    ERROR: screen.bad('✖'),
    WARNING: screen.busy('!'),
    UNKNOWN: screen.busy('?'),
  };
  return [
    `    ${screen.good('✔')} ${passing.length} of ${insights.length} insights of ${category} pass`,
    ...others.flatMap(({ description, insightStatus }) => [
      `    ${marks[insightStatus?.status ?? ''] ?? '?'} ${description ?? ''}`,
      `        ${insightStatus?.reason ?? ''}`,
    ]),
  ];
}

async function hopResult({ from, to, load }: HopWhat, seconds: number, phases: readonly Phase[]): Promise<HopResult> {
  const [fromMs, toMs] = [phases[0]?.fromMs ?? 0, phases.at(-1)?.toMs ?? 0];
  await eventually('the client has told of the last second', lastLineTimeoutMs, () =>
    Date.parse(load.progress().at(-1)?.at ?? '') >= toMs ? true : undefined,
  );
  return {
    from,
    to,
    seconds,
    client: partOf(load.progress(), fromMs, toMs),
    phases: phases.map((phase) => ({
      name: phase.name,
      seconds: Math.round((phase.toMs - phase.fromMs) / 100) / 10,
      client: partOf(load.progress(), phase.fromMs, phase.toMs),
    })),
  };
}
