import { catalogRelease } from '../../../domain/index.ts';
import { type EsCheck, type EsContext, hazard, matches, passedUnless } from './check.ts';

/** Settings that the target no longer knows: a node refuses to start with one in its file, an archived one blocks later changes. */
export const settingsAreKnown: EsCheck = {
  id: 'es.settings-are-known',
  asks: 'Does the target know every setting of the cluster, its indices, its templates and its owner’s node settings?',
  scope: 'every-hop',
  run: (context) => {
    const release = catalogRelease(context.catalog, context.hop.to.version);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${context.hop.to.version}` };
    const places = [...clusterSettings(context), ...ofIndicesAndTemplates(context), ...nodeSettings(context)];
    return passedUnless(
      places.flatMap(({ place, names, remedy }) =>
        names
          .filter((name) => release.removedSettings.some((pattern) => matches(pattern, name)))
          .map((name) => hazard(`setting ${name}`, `${context.hop.to.version} does not know ${name} (${place}).`, remedy)),
      ),
    );
  },
};

interface Place {
  readonly place: string;
  readonly names: readonly string[];
  readonly remedy: string;
}

function clusterSettings({ seen }: EsContext): readonly Place[] {
  return (['persistent', 'transient'] as const).map((level) => ({
    place: `${level} cluster setting`,
    names: Object.keys(level === 'persistent' ? seen.persistentSettings : seen.transientSettings),
    remedy: `PUT /_cluster/settings with the ${level} setting null.`,
  }));
}

function ofIndicesAndTemplates({ seen }: EsContext): readonly Place[] {
  return [
    ...seen.indices.map((index) => ({
      place: `index ${index.name}`,
      names: Object.keys(index.settings),
      remedy: `Set it to null on ${index.name}, or copy the index into a new one without it.`,
    })),
    ...seen.templates.map((template) => ({
      place: `template ${template.name}`,
      names: Object.keys(template.settings),
      remedy: `Put the template ${template.name} again without it.`,
    })),
  ];
}

/** A file that Clusterlift writes is made anew for each release, with the owner's settings in it; another is used as it is. */
function nodeSettings({ cluster, seen }: EsContext): readonly Place[] {
  const kept = cluster.spec.nodes.filter((node) => node.settingsFileOwner === 'owner').map((node) => node.name);
  return [
    {
      place: 'the owner’s node settings',
      names: Object.keys(cluster.spec.settings),
      remedy: 'Take it out of the cluster’s settings.',
    },
    ...seen.nodes
      .filter((node) => kept.includes(node.name))
      .map((node) => ({
        place: `elasticsearch.yml of ${node.name}`,
        names: Object.keys(node.settings),
        remedy: `Take it out of elasticsearch.yml of ${node.name}, or write there what took its place.`,
      })),
  ];
}
