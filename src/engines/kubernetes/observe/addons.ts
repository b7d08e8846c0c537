import { Type } from 'typebox';
import type { SeenKubernetes } from '../../../domain/index.ts';
import { type KubernetesClient, listReader } from '../client/index.ts';
import { type Look, timeouts, valueOr } from './look.ts';

const readWorkloads = listReader(
  'the list of workloads',
  Type.Object({
    spec: Type.Object({
      template: Type.Object({
        spec: Type.Object({ containers: Type.Array(Type.Object({ image: Type.Optional(Type.String()) })) }),
      }),
    }),
  }),
);

const kinds = { Deployment: 'deployments', DaemonSet: 'daemonsets' } as const;

/** What runs in kube-system, by the names and tags of its images. */
export async function lookAtAddons(look: Look, client: KubernetesClient): Promise<SeenKubernetes['addons']> {
  const looks = Object.entries(kinds).map(async ([kind, resource]) => {
    const answer = await client.list(`/apis/apps/v1/namespaces/kube-system/${resource}`, readWorkloads, {
      timeoutMs: timeouts.listMs,
      until: look.until,
    });
    return valueOr(look, 'addons', answer, []).flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ image }) => (image === undefined ? [] : [{ kind, ...imageOf(image) }])),
    );
  });
  return (await Promise.all(looks)).flat();
}

/** `registry.k8s.io:443/coredns/coredns:v1.12.1@sha256:...` is `coredns` of `v1.12.1`. */
export function imageOf(image: string): { readonly name: string; readonly version: string } {
  const [named = '', digest] = image.split('@');
  const last = named.slice(named.lastIndexOf('/') + 1);
  const [name = '', tag] = last.split(':');
  return { name, version: tag ?? digest ?? 'latest' };
}
