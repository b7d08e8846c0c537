import { type KubernetesMemberSpec, type SeenKubernetes, type SeenMember, showRelease } from '../../../domain/index.ts';
import { minorOf } from '../minors.ts';
import { type Found, hazard, isOfNodes, type KubernetesCheck, type KubernetesContext, passedUnless, told } from './check.ts';

export const controlPlaneHealthy: KubernetesCheck = {
  id: 'k8s.control-plane-healthy',
  asks: 'Is every member of the control plane ready, and at one end of the hop?',
  scope: 'first-hop',
  run: (context) => {
    const { cluster, seen } = context;
    const declared = cluster.spec.members.filter(
      ({ surge, component }) => !surge && component !== 'etcd' && component !== 'node',
    );
    return passedUnless([
      ...declared.flatMap((member) => healthOf(seen, member)),
      ...(isOfNodes(context.hop) ? [] : declared.flatMap((member) => endOf(context, member))),
      ...leaders(seen),
    ]);
  },
};

function healthOf(seen: SeenKubernetes, { name, component }: KubernetesMemberSpec): readonly Found[] {
  const remedy = `See the log of ${name}; start it where it does not run.`;
  if (component === 'front-door')
    return seen.frontDoorAnswers ? [] : [hazard(`member ${name}`, `${name} accepts no connection.`, remedy)];
  if (component === 'kube-apiserver') {
    const apiserver = seen.apiservers.find((candidate) => candidate.name === name);
    if (apiserver === undefined) return [hazard(`member ${name}`, `${name} does not answer.`, remedy)];
    if (apiserver.ready) return [];
    const evidence = apiserver.notReady.map((check) => `readyz: ${check} failed`);
    return [hazard(`member ${name}`, `${name} is not ready.`, remedy, evidence)];
  }
  const controller = seen.controllers.find((candidate) => candidate.name === name);
  return controller?.healthy === true ? [] : [hazard(`member ${name}`, `${name} is not healthy.`, remedy)];
}

function endOf({ observation, hop }: KubernetesContext, { name }: KubernetesMemberSpec): readonly Found[] {
  const member: SeenMember | undefined = observation.members.find((candidate) => candidate.name === name);
  const running = member?.running ?? null;
  if (running === null || [hop.from.version, hop.to.version].includes(minorOf(running.version))) return [];
  return [
    hazard(
      `member ${name}`,
      `${name} runs ${showRelease(running)}, neither ${hop.from.version} nor ${hop.to.version}.`,
      'Bring it to one of the two first.',
    ),
  ];
}

/** A lease that was not given back runs out by itself; the loop waits for that before it takes anybody. */
function leaders(seen: SeenKubernetes): readonly Found[] {
  return (['kube-controller-manager', 'kube-scheduler'] as const).flatMap((component) => {
    const members = seen.controllers.filter((controller) => controller.component === component);
    const leaderless = members.length > 0 && members.every(({ leader }) => leader === false);
    return leaderless
      ? [told(hazard(component, `No ${component} leads.`, 'Ask again in half a minute; then see why none takes the lease.'))]
      : [];
  });
}
