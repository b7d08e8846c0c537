/** For tests of the loop: an upgrade on a real store, decided by what the test says. */
import { type Decision, emptyLedger, type Ledger, type Move, type Upgrade } from '../domain/index.ts';
// biome-ignore lint/style/noRestrictedImports: tests stand on a real store
import { sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { advance, type LiftParts } from './lift.ts';
import { type Given, given, planOf, spec, waitFor } from './testing.ts';
import { createWakes } from './wakes.ts';

/** An upgrade that is running in its first generation, and a turn of it as often as it is asked for. */
export async function aLift(test: TestStore, change: Partial<Upgrade> = {}) {
  const g = given(test.store);
  const cluster = sampleCluster({ spec: spec(), secrets: { password: 'correct horse' } });
  await test.store.insertCluster(cluster);
  const plan = samplePlan(cluster.id, planOf(cluster.id));
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, { ledger: emptyLedger, ...change });
  await test.store.insertUpgrade(upgrade, [], null);
  const closing = new AbortController();
  const wakes = createWakes(test.store, g.clock.pause);
  const parts: Given['parts'] & LiftParts = { ...g.parts, wakes, closing: closing.signal };
  return {
    ...g,
    parts,
    cluster,
    upgrade,
    closing,
    turn: (generation = 1) => advance(parts, upgrade.id, generation),
    row: async () => (await test.store.getUpgrade(upgrade.id)) as Upgrade,
    events: () => test.store.listEvents(upgrade.id, 0, 1_000),
    told: async () => (await test.store.listEvents(upgrade.id, 0, 1_000)).map((event) => `${event.kind}: ${event.says}`),
    /** Decides these in turn, the last one for ever. */
    decides: (...moves: readonly (Move | Partial<Decision>)[]) => {
      let index = 0;
      g.engine.decide = ({ ledger }) => {
        const next = moves[Math.min(index, moves.length - 1)] as Move | Partial<Decision>;
        index += 1;
        return 'do' in next ? { move: next, ledger, remarks: [] } : { move: waitFor('w'), ledger, remarks: [], ...next };
      };
    },
  };
}

export const finished: Move = { do: 'done', as: 'done', says: 'All members run it.' };

export function ledgerWith(change: Partial<Ledger>): Ledger {
  return { ...emptyLedger, ...change };
}
