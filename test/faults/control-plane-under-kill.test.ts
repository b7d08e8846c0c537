import { afterEach, describe, it } from 'vitest';
import { seededRandom } from '../../src/simulators/dice.ts';
import { seedOfRun } from '../rig/index.ts';
import { goesBackByItself, goesThereAndBack, points } from './control-plane-kills.ts';
import { old, PlaneLab } from './plane-lab.ts';

let lab: PlaneLab | undefined;
afterEach(() => lab?.close());

const timeoutMs = 5 * 60_000;

/** Where in each act its server dies, by chance. */
async function anywhere(purpose: string) {
  const seed = seedOfRun(purpose);
  const random = seededRandom(seed);
  lab = await PlaneLab.open(seed, old);
  return [lab, () => points[Math.floor(random() * points.length)] ?? 'inside'] as const;
}

describe('a control plane whose server is killed before, inside or after every act', () => {
  it(
    'goes to the next minor and back, each member started once a roll',
    async () => goesThereAndBack(...(await anywhere('control plane there and back under kill'))),
    timeoutMs,
  );

  it(
    'goes back by itself when an apiserver refuses to start, and leaves all as it was',
    async () => goesBackByItself(...(await anywhere('control plane back by itself under kill'))),
    timeoutMs,
  );
});
