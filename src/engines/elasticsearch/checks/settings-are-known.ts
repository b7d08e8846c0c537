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
    return passedUnless(
      placesOf(context).flatMap(({ place, names, remedy }) =>
        names
          .filter((name) => release.removedSettings.some((pattern) => matches(pattern, name)))
          .map((name) => hazard(`setting ${name}`, `${context.hop.to.version} does not know ${name} (${place}).`, remedy)),
      ),
    );
  },
};

function placesOf({ seen, cluster }: EsContext) {
  return [
    {
      place: 'persistent cluster setting',
      names: Object.keys(seen.persistentSettings),
      remedy: 'PUT /_cluster/settings with the persistent setting null.',
    },
    {
      place: 'transient cluster setting',
      names: Object.keys(seen.transientSettings),
      remedy: 'PUT /_cluster/settings with the transient setting null.',
    },
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
    {
      place: 'the owner’s node settings',
      names: Object.keys(cluster.spec.settings),
      remedy: 'Take it out of the cluster’s settings.',
    },
  ];
}
