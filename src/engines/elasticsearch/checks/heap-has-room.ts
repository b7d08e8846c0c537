import type { SeenNode } from '../../../domain/index.ts';
import { type EsCheck, passedUnless, policy } from './check.ts';

/** Above this share of its heap a node refuses work when that of a neighbour is added. */
const heapUsedMaxPercent = 85;

/** Never more than a matter of policy: one look also counts what the next collection will free. */
export const heapHasRoom: EsCheck = {
  id: 'es.heap-has-room',
  asks: 'Has every node heap left to take over the work of one that is away?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const nodes = seen.nodes.filter((node) => !collectsWhenFull(node));
    if (nodes.length === 0)
      return { kind: 'not-applicable', because: 'these nodes collect only when the heap is full, so one look tells nothing' };
    const full = nodes.filter((node) => (node.heapUsedPercent ?? 0) > heapUsedMaxPercent);
    const silent = nodes.filter((node) => node.heapUsedPercent === null).map((node) => node.name);
    if (full.length === 0 && silent.length > 0)
      return { kind: 'could-not-run', because: `${silent.join(', ')} did not tell how full the heap is` };
    return passedUnless(
      full.map((node) =>
        policy(
          `node ${node.name}`,
          `${node.name} uses ${node.heapUsedPercent} % of its heap; more than ${heapUsedMaxPercent} % leaves nothing for a neighbour's work.`,
          'Look again in a minute; if it stays, lower the load or give the node more heap.',
        ),
      ),
    );
  },
};

/** The serial collector, which small nodes use, lets garbage lie until nothing is free. */
function collectsWhenFull(node: SeenNode): boolean {
  return node.jvmInputArguments.includes('-XX:+UseSerialGC');
}
