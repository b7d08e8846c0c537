import type { KubernetesMemberSpec, SeenController } from '../../../domain/index.ts';
import { kubernetesClient, samplesOf, type Unreachable, urlOf } from '../client/index.ts';
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
  const asked = client.look('/healthz', { timeoutMs: timeouts.answersMs, until: look.until });
  // It has no other place for its version that a program may read.
  const figures = client.look('/metrics', { timeoutMs: timeouts.metricsMs, until: look.until });
  const health = await asked;
  if (health.kind === 'unreachable') return silent(look, health, name);
  const metrics = await figures;
  if (metrics.kind === 'unreachable') return silent(look, metrics, name);
  if (metrics.status !== 200) {
    note(look, 'controller', `its figures: HTTP ${metrics.status}`, name);
    return null;
  }
  const version = samplesOf(metrics.body, 'kubernetes_build_info')[0]?.labels.git_version;
  if (version === undefined) {
    note(look, 'controller', 'its figures do not tell its version', name);
    return null;
  }
  const leads = samplesOf(metrics.body, 'leader_election_master_status');
  return {
    name,
    component,
    version: patchOf(version),
    healthy: health.status === 200,
    leader: leads.length === 0 ? null : leads.some(({ value }) => value === 1),
  };
}

function silent(look: Look, because: Unreachable, member: string): null {
  noteSilent(look, 'controller', because, member);
  return null;
}
