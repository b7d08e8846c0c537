import { type EsCheck, hazard, passedUnless } from './check.ts';

export const noSnapshotRuns: EsCheck = {
  id: 'es.no-snapshot-runs',
  asks: 'Is no snapshot being taken that a leaving node would spoil?',
  scope: 'first-hop',
  run: ({ seen }) => {
    if (!seen.snapshotRunning.known) return { kind: 'could-not-run', because: seen.snapshotRunning.because };
    return passedUnless(
      seen.snapshotRunning.value ? [hazard('cluster', 'A snapshot is being taken.', 'Wait until it is finished.')] : [],
    );
  },
};
