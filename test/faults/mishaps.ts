/** What befalls a simulated cluster in the lab, and when. */
import type { HeldAct, HoldPoint, Simulator } from '../../src/simulators/elasticsearch/index.ts';

/** Does something once, at that point of the so-maniest act of a name; false while it has not come by. */
export function atAct(simulator: Simulator, what: string, point: HoldPoint, nth: number, befalls: (act: HeldAct) => unknown) {
  let seen = 0;
  const state = { befell: false };
  simulator.hold(async (act, at): Promise<'go-on'> => {
    if (act.what !== what || at !== point) return 'go-on';
    seen += 1;
    if (seen !== nth) return 'go-on';
    await befalls(act);
    state.befell = true;
    return 'go-on';
  });
  return state;
}

/** The copies cannot be allocated: each has failed as often as a cluster tries by itself. */
export function failCopies(simulator: Simulator, name: string, which: (copy: FailingCopy) => boolean): number {
  const cluster = simulator.cluster(name);
  const failing = cluster.copies.filter(which);
  for (const copy of failing) {
    Object.assign(copy, { state: 'UNASSIGNED', nodeId: null, relocatingTo: null, allocationId: null, recovery: null });
    const details = 'failed recovery: the disk answers with errors';
    copy.unassigned = {
      reason: 'ALLOCATION_FAILED',
      atMs: simulator.world.nowMs,
      delayedUntilMs: null,
      failedAttempts: 5,
      details,
    };
  }
  changed(simulator, name);
  return failing.length;
}

type FailingCopy = ReturnType<Simulator['cluster']>['copies'][number];

/** Whoever looks sees another state, and allocation is looked at again. */
export function changed(simulator: Simulator, name: string): void {
  const cluster = simulator.cluster(name);
  cluster.version += 1;
  cluster.quiet = null;
}

/** Asks a node of the cluster that is in it. */
export async function askCluster(
  simulator: Simulator,
  name: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const [pid] = simulator.cluster(name).members.values();
  const node = pid === undefined ? undefined : simulator.world.processes.get(pid);
  const response = await fetch(`http://127.0.0.1:${node?.httpPort}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}
