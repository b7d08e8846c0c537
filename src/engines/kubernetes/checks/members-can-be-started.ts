import { isForeign } from '../adoption.ts';
import { hazard, type KubernetesCheck, passedUnless } from './check.ts';

/** What is stopped must come back: a member whose flags and keys are its owner's cannot be started from here. */
export const membersCanBeStarted: KubernetesCheck = {
  id: 'k8s.members-can-be-started',
  asks: 'Can every member that is taken be started again from here?',
  scope: 'first-hop',
  run: ({ cluster }) =>
    passedUnless(
      isForeign(cluster)
        ? [
            hazard(
              'cluster',
              'The cluster was registered: its members run with flags and keys that only its owner has, so none can be started from here.',
              'Lift it with the tools that it was made with; what the other checks find holds for that as well.',
              cluster.spec.members.map(({ name, address, port }) => `${name} at ${address}:${port}`),
            ),
          ]
        : [],
    ),
};
