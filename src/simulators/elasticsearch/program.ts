import type { Launch } from '../../domain/index.ts';
import { createGate } from '../hold.ts';
import { newJournal } from '../journal.ts';
import type { ClusterWorld, Program, WorldParts } from '../program.ts';
import { createSteps, withDice } from './clock.ts';
import { Members } from './host/members.ts';
import { createListeners } from './rest/listeners.ts';
import { defaultDurations, makeWorld } from './world/index.ts';

const failures = {
  'node-does-not-rejoin': 'A node that is started at another version than the one it was made with ends instead of coming up.',
  'node-rejoins-slowly': 'Such a node takes ten times as long to come up.',
  'trial-refused': 'A trial start of any release is refused, with an unknown setting.',
} as const;

const slowdown = 10;

/** Simulated Elasticsearch: each node's REST API on its own port of loopback. */
export const elasticsearchProgram: Program = {
  kind: 'elasticsearch',
  failures,
  runs: ({ command, files, copies }) =>
    files.some(({ path }) => path === 'conf/elasticsearch.yml') ||
    copies.some(({ to }) => to === 'conf') ||
    command.some((word) => /elasticsearch/i.test(word)),
  open: (parts) => new FailingMembers(parts),
};

/** The members of a cluster, with what its tag lets fail. */
class FailingMembers implements ClusterWorld {
  readonly #members: Members;
  readonly #failures: ReadonlySet<string>;
  readonly #breakStart: (launch: Launch) => void;
  /** The version that each member was started with first. */
  readonly #first = new Map<string, string>();
  #slow = false;

  constructor({ clusterId, failures: wanted, clock: plain, random, newPid }: WorldParts) {
    const startMs = (major: number) => defaultDurations.startMs(major) * (this.#slow ? slowdown : 1);
    const world = makeWorld({ startMs });
    world.nextPid = newPid();
    const journal = newJournal();
    const clock = withDice(plain, random);
    const gate = createGate(() => null);
    const listeners = createListeners({ world, journal, gate, clock: () => clock });
    const steps = createSteps(world, random, plain.wallMs, () => listeners.follow());
    this.#failures = wanted;
    this.#members = new Members({ clusterId, world, clock, steps, journal, close: () => listeners.close() });
    this.#breakStart = ({ member, release: { version } }) => {
      const lines = [`java.lang.IllegalStateException: a simulated failure keeps [${member}] from starting at [${version}]`];
      world.startFaults.clear();
      if (wanted.has('node-does-not-rejoin') && this.#isLifted(member, version))
        world.startFaults.set(member, { version, lines });
    };
  }

  advance(nowMs: number): void {
    this.#members.advance(nowMs);
  }

  nextEventMs = () => this.#members.nextEventMs();
  describe = (member: string) => this.#members.describe(member);
  stop: ClusterWorld['stop'] = (...asked) => this.#members.stop(...asked);
  run: ClusterWorld['run'] = (member, command) => this.#members.run(member, command);
  close = () => this.#members.close();

  start: ClusterWorld['start'] = async (launch) => {
    const { member, release } = launch;
    if (!this.#first.has(member)) this.#first.set(member, release.version);
    this.#breakStart(launch);
    this.#slow = this.#failures.has('node-rejoins-slowly') && this.#isLifted(member, release.version);
    return this.#members.start(launch);
  };

  trial: ClusterWorld['trial'] = async (launch, timeoutMs, signal) => {
    if (!this.#failures.has('trial-refused')) return this.#members.trial(launch, timeoutMs, signal);
    const lastLines = ['java.lang.IllegalArgumentException: unknown setting [simulated.failure] please check the settings'];
    return { kind: 'refused', lastLines, exitCode: 1 };
  };

  erase: ClusterWorld['erase'] = async (member) => {
    this.#first.delete(member);
    return this.#members.erase(member);
  };

  #isLifted(member: string, version: string): boolean {
    return (this.#first.get(member) ?? version) !== version;
  }
}
