import type { KubernetesComponent } from '../../../domain/index.ts';
import { changesMinor, type Found, hazard, type KubernetesCheck, notApplicable, passedUnless, releaseOfHop } from './check.ts';

/** A component refuses to start with a flag or a feature gate that it does not know. */
export const flagsAreKnown: KubernetesCheck = {
  id: 'k8s.flags-are-known',
  asks: 'Does the target know every flag and feature gate that the owner has set?',
  scope: 'every-hop',
  run: (context) => {
    const { hop, cluster } = context;
    if (!changesMinor(hop)) return notApplicable('the minor stays');
    if (hop.back === true) return notApplicable('the trial start tells what the older one does not know');
    const release = releaseOfHop(context);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${hop.to.version}` };
    const asked = (Object.keys(cluster.spec.flags) as KubernetesComponent[]).filter((component) =>
      hop.nodegroup === undefined ? component !== 'node' : component === 'node',
    );
    return passedUnless(
      asked.flatMap((component) =>
        (cluster.spec.flags[component] ?? []).flatMap((flag) =>
          flagTroubles(component, flag, release.removedFlags[component] ?? [], release.removedGates, hop.to.version),
        ),
      ),
    );
  },
};

function flagTroubles(
  component: KubernetesComponent,
  flag: string,
  removedFlags: readonly string[],
  removedGates: readonly string[],
  target: string,
): readonly Found[] {
  const [name = '', ...values] = flag.replace(/^-+/, '').split('=');
  const removed = removedFlags.some((candidate) => candidate.replace(/^-+/, '') === name)
    ? [hazard(`flag ${name}`, `${component} of ${target} does not know --${name}.`, `Take it out of the flags of ${component}.`)]
    : [];
  if (name !== 'feature-gates') return removed;
  const gates = values
    .join('=')
    .split(',')
    .flatMap((gate) => gate.split('=')[0]?.trim() ?? []);
  return [
    ...removed,
    ...gates
      .filter((gate) => removedGates.includes(gate))
      .map((gate) =>
        hazard(
          `feature gate ${gate}`,
          `${target} does not know the feature gate ${gate}.`,
          `Take it out of --feature-gates of ${component}.`,
        ),
      ),
  ];
}
