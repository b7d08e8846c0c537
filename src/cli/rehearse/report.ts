import type { Rehearsal, ThinMoment } from '../api/wire.ts';
import type { Paint } from '../output/paint.ts';
import { properties } from '../output/table.ts';
import { counted, showMoment, showSeconds, showWay } from '../output/words.ts';
import { lowRows, missed } from './plane.ts';

type FaultRun = Rehearsal['faults'][number];

/** Whose rehearsal it is; `file`: null where its server knows it. */
export interface Rehearsed {
  readonly name: string;
  readonly file: string | null;
  /** When the cluster of the file was looked at. */
  readonly takenAt: string | null;
  /** Whose nodes alone are lifted. */
  readonly nodegroup: string | undefined;
}

/** A rehearsal as a person reads it: how it usually goes, what only this shows, and what happens when something fails. */
export function renderRehearsal(paint: Paint, report: Rehearsal, of: Rehearsed): string {
  const heading = (text: string) => `\n${paint('bold', text)}\n`;
  const same = report.faults.filter((run) => endsAsWithout(run, report));
  const others = report.faults.filter((run) => run.status !== 'done' && !same.includes(run));
  const stops = others.filter(({ status }) => status !== 'returned');
  const returns = others.filter(({ status }) => status === 'returned');
  const passes = report.faults.filter(({ status }) => status === 'done');
  return [
    `${paint('bold', `Rehearsal of ${of.name}: ${showWay(report.from, report.to)}`)}, on a simulated twin${of.file === null ? '; the cluster was not touched' : ` of what was seen at ${showMoment(of.takenAt ?? '')}`}\n`,
    heading(`Without a fault (${counted(report.runs, 'run')})`),
    properties(paint, usual(paint, report)),
    ...report.violations.map((says) => `  ${paint('red', 'must not happen')}  ${says}\n`),
    ...(report.findings.length === 0
      ? []
      : [heading('What a dry run cannot see'), ...report.findings.map((one) => found(one, report.runs))]),
    ...(stops.length === 0
      ? []
      : [heading('Faults that would stop it (the rest of the cluster is left as it is, for a person)'), stopped(paint, stops)]),
    ...(returns.length === 0 ? [] : [heading('Faults with which it goes back by itself'), stopped(paint, returns)]),
    ...(same.length === 0
      ? []
      : [
          heading('Faults with which it ends as it does without one'),
          ...alike(same).map((group) => `  - ${faultSays(group)}\n`),
        ]),
    ...(passes.length === 0 ? [] : [heading('Faults that it gets over by itself'), passed(passes)]),
    heading('What was assumed'),
    ...report.assumed.map((says) => `  - ${says}\n`),
    `\n${renderEnd(paint, report, of)}`,
  ].join('');
}

function usual(paint: Paint, report: Rehearsal): readonly (readonly [string, string])[] {
  const { tookMs, waves, thinnest, plane, done, runs, estimateSeconds } = report;
  const time =
    tookMs === null
      ? []
      : [
          [
            'takes',
            `${showMs(tookMs.min)} to ${showMs(tookMs.max)}, mostly ${showMs(tookMs.median)}; the plan expects ${showSeconds(estimateSeconds)}`,
          ] as const,
        ];
  return [
    ['ends', paint(done === runs ? 'green' : 'red', done === runs ? 'always done' : `done in ${done} of ${runs}`)],
    ...time,
    ['waves', waves.map((wave) => wave.join(' + ')).join(', then ') || 'none'],
    ...(plane === null
      ? [['fewest copies', thinnest === null ? 'every shard keeps all its copies all the time' : thin(thinnest)] as const]
      : lowRows(plane)),
  ];
}

function thin({ started, of, shards, examples, away, forMs, atMs }: ThinMoment): string {
  const which = examples.join(', ') + (shards > examples.length ? ', ...' : '');
  const has = shards === 1 ? 'has' : 'have';
  const copies =
    started === 0 ? `${counted(shards, 'shard')} ${has} no copy` : `${started} of ${of} copies of ${counted(shards, 'shard')}`;
  const who = away.length === 0 ? '' : ` while ${away.join(', ')} ${away.length === 1 ? 'is' : 'are'} away`;
  return `${copies} (${which})${who}: for ${showMs(forMs)}, ${showMs(atMs)} after the start`;
}

function found({ says, remedy, runs }: Rehearsal['findings'][number], of: number): string {
  return `  - ${says} (${runs === of ? 'in every run' : `in ${runs} of ${counted(of, 'run')}`})\n    What to do: ${remedy}\n`;
}

/** Where it ends for the same reason without a fault, that is what is to be mended first. */
function endsAsWithout({ status, reason }: FaultRun, { findings }: Rehearsal): boolean {
  if (status === 'done' || reason === null) return false;
  return findings.some(({ kind, says }) => kind === 'ends-otherwise' && says.endsWith(reason.says));
}

/** Members to which the same fault does the same are told of together. */
function alike(runs: readonly FaultRun[]): readonly (readonly FaultRun[])[] {
  const groups = new Map<string, FaultRun[]>();
  for (const run of runs) {
    const key = [
      run.fault,
      run.lost,
      run.status,
      run.reason?.code,
      run.thinnest?.started === 0,
      run.plane && missed(run.plane).length,
      run.remarks[0],
    ].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

function stopped(paint: Paint, runs: readonly FaultRun[]): string {
  const ends: Readonly<Record<string, string>> = { stopped: 'stops', running: 'does not end', returned: 'has gone back' };
  return alike(runs)
    .map((group) => {
      const [first] = group;
      if (first === undefined) return '';
      const { reason, status } = first;
      const lines = [
        `  ${paint('yellow', faultSays(group))}: it ${ends[status] ?? `ends ${status}`} after ${between(group)}`,
        ...(reason === null ? [] : [`    ${reason.says} ${paint('dim', reason.code)}`, `    To go on: ${reason.clearedBy}`]),
        ...without(first).map((says) => `    ${says}`),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

function passed(runs: readonly FaultRun[]): string {
  return alike(runs)
    .map((group) => {
      const [first] = group;
      const more = first === undefined ? [] : [...without(first), ...first.remarks.slice(0, 1)];
      return `  ${faultSays(group)}: done after ${between(group)}\n${more.map((says) => `    ${says}\n`).join('')}`;
    })
    .join('');
}

function between(runs: readonly FaultRun[]): string {
  const times = runs.map(({ tookMs }) => tookMs);
  const [least, most] = [showMs(Math.min(...times)), showMs(Math.max(...times))];
  return least === most ? least : `${least} to ${most}`;
}

function without({ thinnest, plane }: FaultRun): readonly string[] {
  if (plane !== null) return missed(plane).map((says) => `Meanwhile ${says}.`);
  if (thinnest === null || thinnest.started > 0) return [];
  return [`Meanwhile ${thin(thinnest)}.`];
}

const sayings: Readonly<Record<string, string>> = {
  'settings-answer-lost': 'The answer to a change of settings is lost',
  'settings-refused': 'Every change of settings is refused',
  'nobody-answers': 'Nobody answers for a minute, while a member is away',
  'etcd-full': 'etcd is full as soon as an apiserver is lifted',
  'controllers-exit': 'Controller managers and schedulers end soon after they were lifted',
  'node-does-not-rejoin': 'Nodes of the new version do not join the cluster',
  'pods-not-evicted': 'Pods that are to leave a node do not end',
  'recoveries-slow': 'Copies take a hundred times as long to come up',
  'index-made': 'An index is made while a node is away',
};

function faultSays(runs: readonly FaultRun[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  const members = runs.flatMap(({ member }) => member ?? []).join(' or ');
  switch (first.fault) {
    case 'member-does-not-return':
      return `${members} does not come back`;
    case 'member-returns-slowly':
      return `${members} takes ten times as long to come back`;
    case 'member-flaps':
      return `${members} ends whenever it has come back`;
    case 'disk-fills-up':
      return `The disk of ${members} is full when it comes back`;
    case 'copies-fail':
      return `Copies fail on ${members} when it comes back`;
    case 'apiserver-never-ready':
      return `${members} comes up and never gets ready`;
    case 'another-member-lost':
      return `${first.lost} dies while ${members} is away`;
    default:
      return sayings[first.fault] ?? [first.fault, members].join(' ').trim();
  }
}

function renderEnd(paint: Paint, report: Rehearsal, { name, file, nodegroup }: Rehearsed): string {
  const { made, wanted, held, seed, done, runs } = report;
  const count = held.hazards + held.policy + held.couldNotRun;
  const target = `${report.to.version}${nodegroup === undefined ? '' : ` --nodegroup ${nodegroup}`}`;
  const where = file === null ? '' : ' where the cluster is known';
  return [
    made < wanted
      ? `${paint('yellow', `The time was over after ${made} of ${counted(wanted, 'run')}.`)} Fewer runs (--runs) leave more time for faults.\n`
      : '',
    `Seed ${seed}; the same seed gives the same report.\n`,
    done < runs
      ? 'Do what is said above, then rehearse again.\n'
      : count > 0
        ? `${paint('yellow', `The dry run finds what holds a start ${file === null ? 'now' : 'of it'} (${count}).`)} See it${where}: clusterlift plan ${name} ${target}\n`
        : `${paint('green', `It can start${where}:`)} clusterlift upgrade start ${name} ${target} --watch\n`,
  ].join('');
}

function showMs(milliseconds: number): string {
  return showSeconds(milliseconds / 1_000);
}
