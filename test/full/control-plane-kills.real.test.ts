import { afterEach, describe, it } from 'vitest';
import { goesBackByItself, goesThereAndBack, points } from '../faults/control-plane-kills.ts';
import { old, PlaneLab } from '../faults/plane-lab.ts';
import { seedOfRun } from '../rig/index.ts';

let lab: PlaneLab | undefined;
afterEach(() => lab?.close());

/** On simulated control planes: each of the three points at every act, by as many seeds. */
const rounds = [1, 2, 3].flatMap((round) => points.map((point) => ({ round, point })));

describe('a simulated control plane whose server is killed in every act, at one point in all of them', () => {
  it.each(rounds)(
    '$point, round $round: goes to the next minor and back, each member started once a roll',
    async ({ point, round }) => {
      lab = await PlaneLab.open(seedOfRun(`control plane killed ${point} ${round}`), old);
      await goesThereAndBack(lab, () => point);
    },
  );

  it.each(rounds)('$point, round $round: goes back by itself when an apiserver refuses to start', async ({ point, round }) => {
    lab = await PlaneLab.open(seedOfRun(`control plane back by itself, killed ${point} ${round}`), old);
    await goesBackByItself(lab, () => point);
  });
});
