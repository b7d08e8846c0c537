import { foundOrUnknown, hazard, type KubernetesCheck, policy } from './check.ts';

/** Writes of these are what a cluster lives on: with their webhook dead nothing is elected, scheduled or drained. */
const vital = [
  '*',
  '*/*',
  'pods',
  'pods/*',
  'pods/eviction',
  'nodes',
  'nodes/*',
  'leases',
  'endpointslices',
  'endpoints',
  'events',
];

export const webhooksAnswer: KubernetesCheck = {
  id: 'k8s.webhooks-answer',
  asks: 'Can every admission webhook that fails closed be reached?',
  scope: 'first-hop',
  run: ({ seen, observation }) =>
    foundOrUnknown(
      seen.failingClosedWebhooks
        .filter(({ unreachable }) => unreachable)
        .map(({ configuration, webhook, target, resources }) => {
          const about = resources.filter((resource) => vital.includes(resource));
          const says = `${webhook} of ${configuration} fails closed and cannot be reached at ${target}: writes of ${resources.join(', ')} are refused.`;
          const remedy = `Bring ${target} back, or set failurePolicy of ${webhook} to Ignore for a while.`;
          return about.length > 0 ? hazard(`webhook ${webhook}`, says, remedy) : policy(`webhook ${webhook}`, says, remedy);
        }),
      observation,
      'webhooks',
    ),
};
