import { showRelease } from '../../../domain/index.ts';
import { type EsCheck, hazard, passedUnless } from './check.ts';

export const membersAreThere: EsCheck = {
  id: 'es.members-are-there',
  asks: 'Is every declared member in the cluster, nobody else, and each at one end of the hop?',
  scope: 'first-hop',
  run: ({ cluster, observation, seen, hop }) => {
    const declared = new Set(cluster.spec.nodes.map((node) => node.name));
    const away = observation.members.filter((member) => member.joined === null);
    const strangers = seen.nodes.filter((node) => !declared.has(node.name));
    const others = observation.members.filter(
      (member) => member.running !== null && ![hop.from.version, hop.to.version].includes(member.running.version),
    );
    const { clusterName } = cluster.spec;
    return passedUnless([
      ...(seen.clusterName === clusterName
        ? []
        : [
            hazard(
              'cluster',
              `The cluster that answers is named ${seen.clusterName}, not ${clusterName}.`,
              'See what answers at the urls of its nodes.',
            ),
          ]),
      ...away.map((member) =>
        hazard(
          `node ${member.name}`,
          `${member.name} is not in the cluster.`,
          'Start it, or take it out of the description.',
          observation.unknowns.filter((unknown) => unknown.startsWith(`node ${member.name}:`)),
        ),
      ),
      ...strangers.map((node) =>
        hazard(
          `node ${node.name}`,
          `${node.name} is in the cluster and not in its description.`,
          'Add it to the description, or take it out of the cluster.',
        ),
      ),
      ...others.map((member) =>
        hazard(
          `node ${member.name}`,
          `${member.name} runs ${member.running === null ? 'nothing' : showRelease(member.running)}, neither ${hop.from.version} nor ${hop.to.version}.`,
          'Bring it to one of the two first.',
        ),
      ),
    ]);
  },
};
