import { type Static, Type } from 'typebox';
import type { SeenKubernetes } from '../../../domain/index.ts';
import { type KubernetesClient, listReader } from '../client/index.ts';
import { type Look, timeouts, valueOr } from './look.ts';

const Configuration = Type.Object({
  metadata: Type.Object({ name: Type.String() }),
  webhooks: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        failurePolicy: Type.Optional(Type.String()),
        clientConfig: Type.Object({
          url: Type.Optional(Type.String()),
          service: Type.Optional(Type.Object({ namespace: Type.String(), name: Type.String() })),
        }),
        rules: Type.Optional(Type.Array(Type.Object({ resources: Type.Optional(Type.Array(Type.String())) }))),
      }),
    ),
  ),
});
const EndpointSlice = Type.Object({
  endpoints: Type.Optional(
    Type.Union([
      Type.Array(Type.Object({ conditions: Type.Optional(Type.Object({ ready: Type.Optional(Type.Boolean()) })) })),
      Type.Null(),
    ]),
  ),
});
const readConfigurations = listReader('the list of webhooks', Configuration);
const readSlices = listReader('the list of endpoints', EndpointSlice);

const configurations = '/apis/admissionregistration.k8s.io/v1';

type Webhook = NonNullable<Static<typeof Configuration>['webhooks']>[number];

/** Webhooks without whose yes nothing is done, and whether somebody is there to say it. */
export async function lookAtWebhooks(look: Look, client: KubernetesClient): Promise<SeenKubernetes['failingClosedWebhooks']> {
  const limits = { timeoutMs: timeouts.listMs, until: look.until };
  const answers = await Promise.all([
    client.list(`${configurations}/validatingwebhookconfigurations`, readConfigurations, limits),
    client.list(`${configurations}/mutatingwebhookconfigurations`, readConfigurations, limits),
  ]);
  const closed = answers
    .flatMap((answer) => valueOr(look, 'webhooks', answer, []))
    .flatMap(({ metadata, webhooks = [] }) => webhooks.map((webhook) => ({ configuration: metadata.name, webhook })))
    .filter(({ webhook }) => webhook.failurePolicy !== 'Ignore');
  const looks = closed.map(async ({ configuration, webhook }) => ({
    configuration,
    webhook: webhook.name,
    target: targetOf(webhook),
    unreachable: await isUnreachable(look, client, webhook),
    resources: [...new Set((webhook.rules ?? []).flatMap(({ resources = [] }) => resources))],
  }));
  // Whether one is there may not be known; it is then neither reachable nor not.
  return (await Promise.all(looks)).flatMap(({ unreachable, ...webhook }) =>
    unreachable === null ? [] : [{ ...webhook, unreachable }],
  );
}

function targetOf({ clientConfig: { service, url = '' } }: Webhook): string {
  return service === undefined ? withoutCredentials(url) : `${service.namespace}/${service.name}`;
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, '');
}

/** Null: not known. An address outside the cluster is not judged. */
async function isUnreachable(look: Look, client: KubernetesClient, { name, clientConfig }: Webhook): Promise<boolean | null> {
  const { service } = clientConfig;
  if (service === undefined) return false;
  const slices = await client.list(
    `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(service.namespace)}/endpointslices`,
    readSlices,
    {
      timeoutMs: timeouts.listMs,
      until: look.until,
      query: { labelSelector: `kubernetes.io/service-name=${service.name}` },
    },
  );
  const found = valueOr(look, 'webhooks', slices, null, `${name}, whether its service is there`);
  // Ready that is not told counts as ready, as the API says.
  return found === null ? null : !found.some(({ endpoints }) => (endpoints ?? []).some((one) => one.conditions?.ready !== false));
}
