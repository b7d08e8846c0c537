import { type EsCheck, hazard, ofKnown, passedUnless } from './check.ts';

export const noSnapshotRuns: EsCheck = {
  id: 'es.no-snapshot-runs',
  asks: 'Is no snapshot being taken that a leaving node would spoil?',
  scope: 'first-hop',
  run: ({ seen }) =>
    ofKnown(seen.snapshotRunning, (running) =>
      passedUnless(running ? [hazard('cluster', 'A snapshot is being taken.', 'Wait until it is finished.')] : []),
    ),
};
