import { foundOrUnknown, type KubernetesCheck, policy } from './check.ts';

export const apiServicesAvailable: KubernetesCheck = {
  id: 'k8s.api-services-available',
  asks: 'Is every aggregated API available?',
  scope: 'first-hop',
  run: ({ seen, observation }) =>
    foundOrUnknown(
      seen.unavailableApiServices.map(({ name, says }) =>
        policy(
          `api service ${name}`,
          `${name} is not available (${says}): namespaces cannot finish deleting.`,
          `Bring its backend back, or delete the APIService ${name}.`,
        ),
      ),
      observation,
      'apiServices',
    ),
};
