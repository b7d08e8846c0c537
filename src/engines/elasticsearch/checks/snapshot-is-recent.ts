import { type EsCheck, ofKnown, passedUnless, policy } from './check.ts';

/** The way back from an upgrade is a snapshot, so one must be young. */
const snapshotMaxAgeMs = 60 * 60_000;

export const snapshotIsRecent: EsCheck = {
  id: 'es.snapshot-is-recent',
  asks: 'Was a snapshot finished within the last hour?',
  scope: 'first-hop',
  run: ({ seen, now }) =>
    ofKnown(seen.snapshots, (snapshots) => {
      // One without the settings and templates of the cluster is no way back; 5 does not tell.
      const ended = snapshots
        .filter((snapshot) => snapshot.state === 'SUCCESS' && snapshot.includesGlobalState !== false)
        .flatMap((snapshot) => snapshot.endedAtMs ?? []);
      const newest = Math.max(...ended, 0);
      if (Date.parse(now) - newest <= snapshotMaxAgeMs) return { kind: 'passed' };
      const says =
        newest === 0
          ? 'There is no finished snapshot with the settings of the cluster in it.'
          : `The newest finished snapshot is from ${new Date(newest).toISOString()}.`;
      return passedUnless([policy('cluster', says, 'Take a snapshot now, with the global state.')]);
    }),
};
