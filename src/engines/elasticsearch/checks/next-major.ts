import { majorOf } from '../../../domain/index.ts';
import type { EsContext } from './check.ts';

/**
 * How a hop into a new major stands to what runs now. `now`: it is the hop in hand. `later`: it is the next major, after
 * hops within this one, whose last version sees more. `too-far`: a major further on, of which what runs now knows nothing.
 */
export function aheadOf({ hop, hopIndex, seen }: EsContext): 'now' | 'later' | 'too-far' {
  if (hopIndex === 0) return 'now';
  const running = Math.min(...seen.nodes.map((node) => majorOf(node.version)));
  return majorOf(hop.to.version) === running + 1 ? 'later' : 'too-far';
}
