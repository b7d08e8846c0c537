import type { Cluster } from '../domain/index.ts';
import type { ControlParts } from './parts.ts';

/**
 * A server that was started at another address is asked there by whatever starts from now on. An apiserver that runs reads
 * the address no second time: it asks at the old one until it is replaced.
 */
export async function renewAuthenticationAddress(
  parts: Pick<ControlParts, 'store' | 'io' | 'log' | 'authenticationUrl'>,
  { id, origin, spec }: Cluster,
): Promise<void> {
  if (origin !== 'created' || spec.kind !== 'kubernetes') return;
  // Another server runs its members, or will again: it is asked there.
  if (spec.members.some(({ host }) => parts.io.hosts(host) === undefined)) return;
  const { authenticationUrl: before } = spec;
  const now = parts.authenticationUrl(id);
  // Who reviews tokens may be somebody whom the owner named.
  if (before === null || before === now || pathOf(before) !== pathOf(now)) return;
  await parts.store.changeSpec(
    id,
    (current) => (current.kind === 'kubernetes' ? { ...current, authenticationUrl: now } : null),
    parts.io.now(),
  );
  parts.log.warn(
    { cluster: id, before, now },
    'This server has another address than before. Apiservers of this cluster that run take no token of aws eks get-token until they are replaced, such as by another build; their certificates work.',
  );
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
