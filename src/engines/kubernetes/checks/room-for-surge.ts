import { freeMemoryOf, needBytes } from '../room.ts';
import { type Found, isOfNodes, type KubernetesCheck, notApplicable, passedUnless, policy } from './check.ts';

export const roomForSurge: KubernetesCheck = {
  id: 'k8s.room-for-surge',
  asks: 'Has its host the memory for one apiserver, or one node, more?',
  scope: 'first-hop',
  run: ({ cluster, observation, hop }) => {
    const places = isOfNodes(hop)
      ? (cluster.spec.nodegroups.find(({ name }) => name === hop.nodegroup)?.nodes ?? [])
      : cluster.spec.members;
    const surge = places.find((member) => member.surge);
    if (surge === undefined) return notApplicable('there is no place for one more');
    const free = freeMemoryOf(observation, surge.host);
    if (free === null) return { kind: 'could-not-run', because: `host ${surge.host} does not tell its free memory` };
    const need = isOfNodes(hop) ? needBytes.node : needBytes.apiserver;
    const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
    const says = `Host ${surge.host} has ${mib(free)} free; ${surge.name} wants ${mib(need)}.`;
    const findings: readonly Found[] =
      free < need ? [policy(`host ${surge.host}`, says, 'Free memory there, or accept it.')] : [];
    return passedUnless(findings);
  },
};
