import { compareVersions, type GuardVerdict, may, mayNot } from '../../../domain/index.ts';
import { kubeletReach, minorOf, minorsAhead } from '../minors.ts';
import { aimedBehaviour, behaviourOf, type Guard, type GuardContext, isApiserver } from './guard.ts';

/** No kubelet is newer than what any apiserver behaves as, nor more than three minors behind one (two before 1.25). */
export const nodesWithinSkew: Guard = {
  id: 'k8s.nodes-within-skew',
  judge: (context) => {
    const { member, how } = context.taking;
    if (how === 'remove') return may;
    if (isApiserver(member)) return ofApiserver(context);
    return member.spec.component === 'node' ? ofNode(context) : may;
  },
};

function ofApiserver({ taking, seen, nodesUnknown }: GuardContext): GuardVerdict {
  if (nodesUnknown !== null) {
    const says = `It is not known which kubelets ${taking.member.name} would serve (${nodesUnknown}).`;
    return mayNot('k8s.nodes-within-skew', 'nodes', says, 'The list of nodes answered again.');
  }
  const behaves = aimedBehaviour(taking.aim);
  const program = minorOf(taking.aim.release.version);
  const newer = seen.nodes.filter((node) => minorsAhead(node.kubeletVersion, behaves) > 0);
  const older = seen.nodes.filter((node) => minorsAhead(program, node.kubeletVersion) > kubeletReach(node.kubeletVersion));
  const [bad] = [...newer, ...older];
  if (bad === undefined) return may;
  const names = [...newer, ...older].map((node) => node.name).join(', ');
  return mayNot(
    'k8s.nodes-within-skew',
    names,
    `${bad.name} runs kubelet ${bad.kubeletVersion}, which is ${newer.length > 0 ? 'newer than' : 'too old for'} an apiserver at ${newer.length > 0 ? behaves : program}.`,
    newer.length > 0 ? `The nodes at ${behaves} or older.` : 'The nodes lifted first.',
  );
}

function ofNode({ taking, members }: GuardContext): GuardVerdict {
  const wanted = taking.aim.release.version;
  const behaviours = members
    .filter(isApiserver)
    .flatMap((member) => behaviourOf(member) ?? [])
    .sort(compareVersions);
  const oldest = behaviours[0];
  const newest = behaviours.at(-1);
  if (oldest === undefined || newest === undefined) return may;
  if (minorsAhead(wanted, oldest) > 0) {
    return mayNot(
      'k8s.nodes-within-skew',
      taking.member.name,
      `${taking.member.name} at ${wanted} would be newer than an apiserver that behaves as ${oldest}.`,
      `The apiservers at ${wanted} first.`,
    );
  }
  if (minorsAhead(newest, wanted) <= kubeletReach(wanted)) return may;
  return mayNot(
    'k8s.nodes-within-skew',
    taking.member.name,
    `${taking.member.name} at ${wanted} would be too old for an apiserver that behaves as ${newest}.`,
    'A newer version for the node group.',
  );
}
