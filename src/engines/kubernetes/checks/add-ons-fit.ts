import { compareVersions } from '../../../domain/index.ts';
import { foundOrUnknown, type KubernetesCheck, notApplicable, ofControlPlane, policy, releaseOfHop } from './check.ts';

export const addOnsFit: KubernetesCheck = {
  id: 'k8s.add-ons-fit',
  asks: 'Is every add-on of a version that works with the target?',
  scope: 'every-hop',
  run: ofControlPlane((context) => {
    const release = releaseOfHop(context);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${context.hop.to.version}` };
    const oldest = release.addons;
    if (Object.keys(oldest).length === 0) return notApplicable(`nothing is known of add-ons of ${context.hop.to.version}`);
    return foundOrUnknown(
      context.seen.addons
        .map((addon) => ({ ...addon, needs: oldest[addon.name] }))
        .filter(({ version, needs }) => needs !== undefined && compareVersions(version.replace(/^v/, ''), needs) < 0)
        .map(({ name, version, needs }) =>
          policy(
            `add-on ${name}`,
            `${name} is at ${version}; ${context.hop.to.version} works with ${needs} or newer.`,
            `Bring ${name} to ${needs} or newer.`,
          ),
        ),
      context.observation,
      'addons',
    );
  }),
};
