/** Where the members of a cluster that is to be made run, and how it says that none of it is real. */
import { type ClusterSpec, simulatedTag } from '../domain/index.ts';
import type { NewCluster } from './control.ts';
import type { ControlParts } from './parts.ts';

const local = 'local';

/** `local` is what a request has that names no host: it becomes the host that this server makes clusters on. */
export function placed(spec: ClusterSpec, madeOn = local): ClusterSpec {
  const on = <M extends { readonly host: string }>(member: M): M =>
    member.host === local ? { ...member, host: madeOn } : member;
  return spec.kind === 'elasticsearch' ? { ...spec, nodes: spec.nodes.map(on) } : { ...spec, members: spec.members.map(on) };
}

export function hostsOf(spec: ClusterSpec): readonly string[] {
  return [...new Set((spec.kind === 'elasticsearch' ? spec.nodes : spec.members).map(({ host }) => host))];
}

/** A tag that says so stands wherever tags are shown; one that claims it of a real cluster is not taken over. */
export function markedSimulated(parts: Pick<ControlParts, 'io'>, request: NewCluster): NewCluster {
  const { [simulatedTag]: _, ...tags } = request.tags;
  const simulated = hostsOf(request.spec).some((key) => parts.io.hosts(key)?.kind === 'simulated');
  return { ...request, tags: simulated ? { ...tags, [simulatedTag]: 'true' } : tags };
}
