import { trouble } from './answer.ts';
import { isGone, type KubernetesClient } from './kubernetes.ts';
import type { Limits } from './send.ts';

export type Evicted =
  | { readonly kind: 'evicted' }
  /** Not now: a budget would be broken, in the server's own words. */
  | { readonly kind: 'blocked'; readonly says: string }
  /** Never, as long as nobody mends it: two budgets for one pod. */
  | { readonly kind: 'misconfigured'; readonly says: string }
  /** It is not there any more, or another one of its name is. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly says: string };

/** An error like any other by its number; that it never goes away only its words say. */
const severalBudgets = /more than one PodDisruptionBudget/;

/** Asks for the eviction of one pod, as the budgets of its namespace allow. */
export async function evict(
  client: KubernetesClient,
  pod: { readonly namespace: string; readonly name: string; readonly uid: string },
  limits?: Limits,
): Promise<Evicted> {
  const { namespace, name, uid } = pod;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: { preconditions: { uid } },
  };
  const answer = await client.create(path, eviction, limits);
  if (answer.kind === 'ok') return { kind: 'evicted' };
  if (isGone(answer)) return { kind: 'gone' };
  if (answer.kind !== 'status') return { kind: 'failed', says: trouble(answer) };
  if (answer.status === 429) return { kind: 'blocked', says: answer.says };
  if (answer.status === 500 && severalBudgets.test(answer.says)) return { kind: 'misconfigured', says: answer.says };
  return { kind: 'failed', says: trouble(answer) };
}
