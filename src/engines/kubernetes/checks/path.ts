import { minorsAhead } from '../minors.ts';
import { type Found, hazard, isOfNodes, type KubernetesCheck, passedUnless } from './check.ts';

export const path: KubernetesCheck = {
  id: 'k8s.path',
  asks: 'Is this hop one that Kubernetes supports: no minor skipped, and back by one at the most?',
  scope: 'every-hop',
  run: ({ hop }) => {
    const { from, to } = hop;
    const ahead = minorsAhead(to.version, from.version);
    const findings: readonly Found[] = isOfNodes(hop)
      ? []
      : Math.abs(ahead) > 1 || (ahead < 0 && hop.back !== true)
        ? [
            hazard(
              'path',
              ahead < 0
                ? `${from.version} does not go back to ${to.version}.`
                : `${from.version} to ${to.version} skips a minor.`,
              ahead < 0 ? `Ask for the minor before ${from.version}.` : 'Lift the control plane one minor at a time.',
            ),
          ]
        : [];
    return passedUnless(findings);
  },
};
