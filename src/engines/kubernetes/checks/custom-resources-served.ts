import { foundOrUnknown, type KubernetesCheck, ofControlPlane, policy } from './check.ts';

export const customResourcesServed: KubernetesCheck = {
  id: 'k8s.custom-resources-served',
  asks: 'Is every version in which custom resources may be stored still served?',
  scope: 'first-hop',
  run: ofControlPlane(({ seen, observation }) =>
    foundOrUnknown(
      seen.customResources.map(({ name, storedVersions, servedVersions }) => {
        const lost = storedVersions.filter((version) => !servedVersions.includes(version));
        return policy(
          `custom resource ${name}`,
          `${name} may hold objects stored as ${lost.join(', ')}, which is no longer served.`,
          `Write its objects once more, then take ${lost.join(', ')} out of status.storedVersions.`,
        );
      }),
      observation,
      'customResources',
    ),
  ),
};
