import { catalogBuild, catalogRelease } from '../../../domain/index.ts';
import { type EsCheck, hazard, passedUnless } from './check.ts';

/** A plugin runs on the one version that it was made for, so every plugin of a member must be there for the target, too. */
export const pluginsAreAvailable: EsCheck = {
  id: 'es.plugins-are-available',
  asks: 'Does the target bring every plugin that a member has?',
  scope: 'every-hop',
  run: ({ catalog, seen, hop }) => {
    if (hop.from.version === hop.to.version)
      return { kind: 'not-applicable', because: 'the version stays, and its plugins with it' };
    const holders = new Map<string, string[]>();
    for (const node of seen.nodes)
      for (const plugin of node.plugins) holders.set(plugin, [...(holders.get(plugin) ?? []), node.name]);
    if (holders.size === 0) return { kind: 'passed' };
    const release = catalogRelease(catalog, hop.to.version);
    const ofBuild = catalogBuild(catalog, hop.to)?.plugins ?? [];
    const open = [...holders].filter(([plugin]) => !ofBuild.includes(plugin));
    if (open.length > 0 && (release === undefined || release.plugins === null)) {
      const names = open.map(([plugin]) => plugin).join(', ');
      return { kind: 'could-not-run', because: `the catalog does not say which plugins ${hop.to.version} has (${names})` };
    }
    return passedUnless(
      open
        .filter(([plugin]) => release?.plugins?.includes(plugin) !== true)
        .map(([plugin, names]) =>
          hazard(
            `plugin ${plugin}`,
            `The artefact of ${hop.to.version} does not bring ${plugin}, and nothing is installed beside it.`,
            `Remove it before this hop, or name an artefact of ${hop.to.version} that has it, such as a folder with it installed, in a catalog of your own.`,
            [`on ${names.join(', ')}`],
          ),
        ),
    );
  },
};
