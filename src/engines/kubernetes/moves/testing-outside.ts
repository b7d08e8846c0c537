/** The outside of a drafted cluster for tests of the moves: one host and one API that keep what is done to them, and may die. */
import {
  type ActResult,
  type Host,
  type HttpResponse,
  type Launch,
  type MakerIo,
  type MemberProcess,
  type Release,
  releaseKey,
  type Ticket,
} from '../../../domain/index.ts';
import { atTest, readableCertificates } from '../testing.ts';
import { Api } from './testing-api.ts';

export type Process =
  | { readonly state: 'running'; readonly pid: number; readonly release: Release; readonly command: string }
  | { readonly state: 'stopped'; readonly lastLines: readonly string[] };

const taken = 'snapshot taken: /snapshots/etcd-1.db (hash, 1, 2, 3)';

/** When its process is killed: at the n-th call to the outside, before that has an effect or after it. */
export interface Death {
  readonly atCall: number;
  readonly effect: 'before' | 'after';
}

export class Outside {
  readonly api = new Api((name) => this.processes.get(name)?.state === 'running');
  readonly processes = new Map<string, Process>();
  readonly prefetched = new Set<string>();
  readonly launches: Launch[] = [];
  /** Every call that changes something, in turn: `stop apiserver-1`, `DELETE /api/v1/nodes/blue-1`. */
  readonly touched: string[] = [];
  readonly tickets: Ticket[] = [];
  generation = 1;
  /** Members that end as soon as they are started, with what they say last. */
  readonly failing = new Map<string, readonly string[]>();
  /** What the task that takes a snapshot says last. */
  snapshotSays: readonly string[] = [taken];
  /** No programs can be had any more. */
  unobtainable = false;
  calls = 0;
  death: Death | null = null;
  #pids = 100;

  /** A member that runs. */
  run(name: string, release: Release, pid = this.#nextPid()): void {
    this.processes.set(name, { state: 'running', pid, release, command: '' });
  }

  io(): MakerIo {
    return {
      http: (request) => this.#call(() => this.#http(request.method, request.url, request.body)),
      hosts: (key) => (key === 'local' ? (this.#host as unknown as Host) : undefined),
      certificates: readableCertificates,
      now: () => atTest,
      pause: async () => undefined,
    };
  }

  /** All that there is, but for numbers that every start gives anew. */
  state(): unknown {
    const processes = [...this.processes].map(([name, process]) =>
      process.state === 'running' ? [name, process.state, releaseKey(process.release), process.command] : [name, process.state],
    );
    return JSON.parse(
      JSON.stringify({ processes: processes.sort(), prefetched: [...this.prefetched].sort(), api: this.api.state() }),
    );
  }

  #nextPid(): number {
    this.#pids += 1;
    return this.#pids;
  }

  async #call<T>(effect: () => Promise<T> | T): Promise<T> {
    this.calls += 1;
    const { death, calls } = this;
    if (death !== null && (calls > death.atCall || (calls === death.atCall && death.effect === 'before')))
      throw new Error('killed');
    const result = await effect();
    if (death !== null && calls === death.atCall) throw new Error('killed');
    return result;
  }

  async #http(method: string, url: string, body: string | undefined): Promise<HttpResponse> {
    const { pathname, search } = new URL(url);
    const answer = this.api.answer(method, url, body === undefined ? undefined : JSON.parse(body));
    if (answer.changes) this.touched.push(`${method} ${pathname}${method === 'GET' ? search : ''}`);
    return { status: answer.status, body: JSON.stringify(answer.body) };
  }

  /** Only what the moves use: another call is an error. */
  readonly #host: Partial<Host> = {
    generationOf: () => this.#call(() => this.generation),
    prefetch: (ticket, release) => this.#fenced(ticket, () => this.#prefetch(release)),
    describe: (_clusterId, member) => this.#call(() => this.#describe(member)),
    stop: (ticket, member, identity) => this.#fenced(ticket, () => this.#stop(member, identity.pid)),
    start: (ticket, launch) => this.#fenced(ticket, () => this.#start(launch)),
    run: (ticket, member, command) =>
      this.#fenced(ticket, () => {
        this.touched.push(`run ${member} ${command.join(' ')}`);
        return { kind: 'done', says: '' };
      }),
    erase: (ticket, member) =>
      this.#fenced(ticket, () => {
        this.touched.push(`erase ${member}`);
        this.processes.delete(member);
        return { kind: 'done', says: `${member} erased.` };
      }),
  };

  #fenced(ticket: Ticket, effect: () => ActResult): Promise<ActResult> {
    return this.#call(() => {
      this.tickets.push(ticket);
      if (ticket.generation < this.generation)
        return { kind: 'refused', because: 'older-generation', says: `Generation ${ticket.generation} is over.` };
      this.generation = ticket.generation;
      return effect();
    });
  }

  #prefetch(release: Release): ActResult {
    if (this.unobtainable) return { kind: 'failed', says: `${releaseKey(release)} could not be got.`, lastLines: [] };
    if (!this.prefetched.has(releaseKey(release))) this.touched.push(`prefetch ${releaseKey(release)}`);
    this.prefetched.add(releaseKey(release));
    return { kind: 'done', says: `${releaseKey(release)} lies ready.` };
  }

  #describe(member: string): MemberProcess {
    const process = this.processes.get(member);
    if (process === undefined) return { state: 'absent' };
    if (process.state === 'stopped') return { ...process, release: null, exitCode: null };
    const { pid, release } = process;
    // A task is over by the time that somebody looks again.
    if (member.endsWith('-snapshot')) this.processes.set(member, { state: 'stopped', lastLines: this.snapshotSays });
    return { state: 'running', identity: identityOf(pid), release, startedAt: atTest };
  }

  #stop(member: string, pid: number): ActResult {
    const process = this.processes.get(member);
    if (process?.state !== 'running') return { kind: 'done', says: `${member} is stopped.` };
    if (process.pid !== pid) return { kind: 'refused', because: 'identity-changed', says: `${member} runs as another process.` };
    this.touched.push(`stop ${member}`);
    this.processes.set(member, { state: 'stopped', lastLines: [] });
    return { kind: 'done', says: `${member} stopped.` };
  }

  #start(launch: Launch): ActResult {
    const { member, release } = launch;
    if (this.processes.get(member)?.state === 'running')
      return { kind: 'refused', because: 'already-running', says: `${member} runs already.` };
    if (!launch.artefacts.every(() => this.prefetched.has(releaseKey(release))))
      return { kind: 'failed', says: `${releaseKey(release)} does not lie ready.`, lastLines: [] };
    this.touched.push(`start ${member}`);
    this.launches.push(launch);
    const lastLines = this.failing.get(member);
    if (lastLines !== undefined) {
      this.processes.set(member, { state: 'stopped', lastLines });
      return { kind: 'failed', says: `${member} ended at once.`, lastLines };
    }
    const command = launch.command.join(' ').match(/--emulated-version=\S+/)?.[0] ?? '';
    this.processes.set(member, { state: 'running', pid: this.#nextPid(), release, command });
    this.api.started(member);
    return { kind: 'done', says: `${member} started at ${releaseKey(release)}.` };
  }
}

export function identityOf(pid: number) {
  return { pid, startTime: `start of ${pid}` };
}
