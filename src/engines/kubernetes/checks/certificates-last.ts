import { hazard, type KubernetesCheck, passedUnless, policy } from './check.ts';

const warnMs = 30 * 24 * 60 * 60_000;

export const certificatesLast: KubernetesCheck = {
  id: 'k8s.certificates-last',
  asks: 'Is the certificate of the apiservers good for another thirty days?',
  scope: 'first-hop',
  run: ({ seen, now }) => {
    if (seen.certificateNotAfter === null) return { kind: 'could-not-run', because: 'no apiserver shows its certificate' };
    const leftMs = Date.parse(seen.certificateNotAfter) - Date.parse(now);
    const remedy = 'Renew it before the cluster is lifted.';
    if (leftMs <= 0) return passedUnless([hazard('certificate', `It ran out at ${seen.certificateNotAfter}.`, remedy)]);
    return passedUnless(leftMs < warnMs ? [policy('certificate', `It runs out at ${seen.certificateNotAfter}.`, remedy)] : []);
  },
};
