import { limits } from '../limits.ts';
import { done, failed, type Perform } from './move.ts';

/** Runs the owner's command beside the members: before a stop, or after a member is back. */
export const runHook: Perform = async (move, context, io) => {
  const hook = move.parameters.hook === 'preStop' ? 'preStop' : 'postStart';
  const command = context.cluster.spec.hooks[hook];
  if (command === null) return done(`No ${hook} hook is configured.`);
  for (const { name } of move.on) {
    const host = io.hosts(context.cluster.spec.nodes.find((node) => node.name === name)?.host ?? '');
    if (host === undefined) return failed(`${name}: its host is not configured here.`);
    const result = await host.run(context.ticket, name, command, limits.hookTimeoutMs);
    if (result.kind !== 'done') return result;
  }
  return done(`The ${hook} hook of ${move.on.map((identity) => identity.name).join(', ')} ran.`);
};
