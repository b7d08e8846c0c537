import { minorOf } from '../minors.ts';
import { type Found, foundOrUnknown, type KubernetesCheck, policy, told } from './check.ts';

/** What an upgrade that was ended or died leaves behind; the next one tidies it up or goes on from there, so it is only told. */
export const leftovers: KubernetesCheck = {
  id: 'k8s.leftovers',
  asks: 'Has no earlier upgrade left a surge member, a cordon or an emulated version behind?',
  scope: 'first-hop',
  run: ({ seen, cluster, observation }) => {
    const groups = cluster.spec.nodegroups.flatMap(({ nodes }) => nodes);
    const places = [...cluster.spec.members, ...groups].filter(({ surge }) => surge);
    const running = places.filter(({ name }) =>
      observation.members.some((member) => member.name === name && member.process.state === 'running'),
    );
    const cordoned = seen.nodes.filter(({ cordonedByUs }) => cordonedByUs);
    const emulating = seen.apiservers.filter(({ emulated, version }) => emulated !== null && emulated !== minorOf(version));
    const findings: readonly Found[] = [
      ...running.map(({ name }) =>
        policy(`member ${name}`, `${name} runs although no upgrade does.`, 'Nothing: the upgrade puts it away.'),
      ),
      ...cordoned.map(({ name }) =>
        policy(`node ${name}`, `${name} is still cordoned by an earlier upgrade.`, 'Nothing: the upgrade lets pods to it again.'),
      ),
      ...emulating.map(({ name, version, emulated }) =>
        policy(
          `member ${name}`,
          `${name} runs ${version} and behaves as ${emulated}.`,
          'Nothing: the upgrade goes on from there.',
        ),
      ),
    ];
    return foundOrUnknown(findings.map(told), observation, 'nodes');
  },
};
