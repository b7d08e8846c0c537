import { trialsPassed } from '../../../domain/index.ts';
import { isForeign } from '../adoption.ts';
import { trialWords } from '../trial-words.ts';
import { type KubernetesCheck, notApplicable, ofControlPlane } from './check.ts';

const tried = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

export const trialPassed: KubernetesCheck = {
  id: trialWords.check,
  asks: 'Did the target start with each member’s own flags beside a scratch etcd?',
  scope: 'every-hop',
  run: ofControlPlane(({ cluster, trials, hop }) => {
    if (isForeign(cluster)) return notApplicable('its members are started by their owner alone');
    const names = cluster.spec.members
      .filter(({ component, surge }) => tried.includes(component) && !surge)
      .map(({ name }) => name);
    return trialsPassed(trialWords, names, hop.to, trials);
  }),
};
