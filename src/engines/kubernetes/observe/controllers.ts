import type { KubernetesMemberSpec, SeenController } from '../../../domain/index.ts';
import { kubernetesClient, samplesOf, urlOf } from '../client/index.ts';
import { type Look, note, noteSilent, timeouts } from './look.ts';
import { patchOf } from './release-of-patch.ts';

/** Asks each controller manager and scheduler whether it is well, what it is, and whether it leads. */
export async function lookAtControllers(look: Look): Promise<readonly SeenController[]> {
  const looks = look.cluster.spec.members.flatMap((member) => {
    const { component } = member;
    if (component !== 'kube-controller-manager' && component !== 'kube-scheduler') return [];
    return [lookAtController(look, member, component)];
  });
  return (await Promise.all(looks)).filter((seen) => seen !== null);
}

async function lookAtController(
  look: Look,
  member: KubernetesMemberSpec,
  component: SeenController['component'],
): Promise<SeenController | null> {
  const { name } = member;
  const client = kubernetesClient(look.cluster, look.io, urlOf(member));
  const [health, metrics] = await Promise.all([
    client.look('/healthz', { timeoutMs: timeouts.answersMs, until: look.until }),
    // It has no other place for its version that a program may read.
    client.look('/metrics', { timeoutMs: timeouts.metricsMs, until: look.until }),
  ]);
  if (metrics.kind === 'unreachable') {
    noteSilent(look, 'controller', metrics, name);
    return null;
  }
  if (metrics.status !== 200) {
    note(look, 'controller', `its figures: HTTP ${metrics.status}`, name);
    return null;
  }
  const version = samplesOf(metrics.body, 'kubernetes_build_info')[0]?.labels.git_version;
  if (version === undefined) {
    note(look, 'controller', 'its figures do not tell its version', name);
    return null;
  }
  if (health.kind === 'unreachable') note(look, 'controller', `whether it is well: ${health.because}`, name);
  const leads = samplesOf(metrics.body, 'leader_election_master_status');
  return {
    name,
    component,
    version: patchOf(version),
    healthy: health.kind === 'answered' && health.status === 200,
    leader: leads.length === 0 ? null : leads.some(({ value }) => value === 1),
  };
}
