import { done, failed, type Perform, releaseOfMove } from './move.ts';

/** Makes a process that the owner started known to its host. One that is under care already is left as it is. */
export const adoptMember: Perform = async (move, context, io) => {
  const release = releaseOfMove(move);
  const pid = Number(move.parameters.pid);
  for (const { name } of move.on) {
    const host = io.hosts(context.cluster.spec.nodes.find((node) => node.name === name)?.host ?? '');
    if (host === undefined) return failed(`${name}: its host is not configured here.`);
    const known = await host.describe(context.cluster.id, name);
    if (known.state === 'running') return done(`${name} is under care already.`);
    const result = await host.adopt(context.ticket, name, pid, release);
    if (result.kind !== 'done') return result;
  }
  return done(`${move.on.map((identity) => identity.name).join(', ')} is under care as process ${pid}.`);
};
