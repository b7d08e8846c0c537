import { cancelCopy, copiesOf, isOn, memberById, membersOf, reroute, type ShardCopy, touch } from '../world/index.ts';
import { type Answer, flag, type Handler, illegalArgument, indexNotFound, noMaster, ok, record, type Site } from './answer.ts';

/** `POST /_cluster/reroute`: `retry_failed` forgets failed attempts, `cancel` takes copies away; other commands are not simulated. */
export const rerouteNow: Handler = (call, site) => {
  const { cluster } = site;
  if (cluster.masterNodeId === null) return noMaster();
  const asked = record(call.body).commands;
  const commands = Array.isArray(asked) ? asked.map((command) => cancelled(record(command), site)) : [];
  // All commands or none: the first that cannot be refuses the others.
  for (const command of commands) if (command.kind === 'refused') return command.answer;
  if (!flag(call, 'dry_run')) {
    const moment = site.moment();
    for (const command of commands) if (command.kind === 'copy') cancelCopy(site.world, cluster, command.copy, moment);
    if (flag(call, 'retry_failed')) {
      for (const copy of cluster.copies) if (copy.unassigned !== null) copy.unassigned.failedAttempts = 0;
    }
    if (commands.length > 0) touch(cluster, moment);
    reroute(site.world, cluster, moment);
  }
  return ok({
    acknowledged: true,
    ...(call.query.metric === 'none' ? {} : { state: { version: cluster.version, state_uuid: cluster.stateUuid } }),
  });
};

type Command = { readonly kind: 'copy'; readonly copy: ShardCopy } | { readonly kind: 'refused'; readonly answer: Answer };

function cancelled(command: Readonly<Record<string, unknown>>, site: Site): Command {
  const refused = (answer: Answer): Command => ({ kind: 'refused', answer });
  const { cluster, node: asked } = site;
  const [name] = Object.keys(command);
  if (name !== 'cancel') return refused(illegalArgument(`the simulated cluster takes no ${name} command, only cancel`));
  const { index, shard, node: on, allow_primary: allowPrimary } = record(command.cancel);
  if (!cluster.indices.has(String(index))) return refused(indexNotFound(String(index), asked.release.version));
  const node = memberById(site.world, cluster, String(on)) ?? membersOf(site.world, cluster).find((member) => member.name === on);
  if (node === undefined) return refused(illegalArgument(`failed to resolve [${String(on)}], no matching nodes`));
  const copy = copiesOf(cluster, String(index), Number(shard)).find((candidate) => isOn(candidate, node.nodeId));
  const what = `[cancel_allocation] can't cancel [${String(index)}][${String(shard)}]`;
  if (copy === undefined) return refused(illegalArgument(`${what}, failed to find it on node {${node.name}}`));
  if (copy.primary && allowPrimary !== true)
    return refused(illegalArgument(`${what} on node {${node.name}}, shard is primary and ${copy.state.toLowerCase()}`));
  return { kind: 'copy', copy };
}
