import type { Static } from 'typebox';
import type { SeenIndex, SeenTemplate } from '../../../domain/index.ts';
import { flat, number } from '../client/index.ts';
import type { State } from './answers.ts';

type ClusterState = Static<typeof State>;

/** Index settings that every index has and no owner chose. */
const ownSettings = /^index\.(version\.|uuid$|provided_name$|creation_date$|number_of_replicas$|number_of_shards$)/;

/** Every index of a cluster state's metadata, closed and hidden ones too. */
export function indicesOf(state: ClusterState): readonly SeenIndex[] {
  const blocks = state.blocks?.indices ?? {};
  return Object.entries(state.metadata.indices ?? {})
    .map(([name, index]) => {
      const settings = flat(index.settings);
      const created = number(settings['index.version.created']) ?? 0;
      return {
        name,
        uuid: settings['index.uuid'] ?? '',
        state: index.state,
        createdMajor: Math.floor(created / 1_000_000),
        createdVersion: readable(created),
        replicas: number(settings['index.number_of_replicas']) ?? 0,
        autoExpandReplicas: settings['index.auto_expand_replicas'] ?? null,
        mappingTypes: Object.keys(index.mappings ?? {}),
        settings: Object.fromEntries(Object.entries(settings).filter(([key]) => !ownSettings.test(key))),
        blocks: Object.keys(blocks[name] ?? {}),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** `5050399` is 5.5.3. From 8.11 on (8500000) the number counts index formats, so that only its major is a release's. */
function readable(created: number): string {
  const major = Math.floor(created / 1_000_000);
  const minor = Math.floor(created / 10_000) % 100;
  return major >= 9 || minor > 30 ? `${major}.x` : `${major}.${minor}.${Math.floor(created / 100) % 100}`;
}

/** Templates of both kinds, and the components of the newer kind. A newer one's mapping has no types. */
export function templatesOf({ metadata }: ClusterState): readonly SeenTemplate[] {
  const composable = {
    ...prefixed('component ', metadata.component_template?.component_template),
    ...metadata.index_template?.index_template,
  };
  return [
    ...Object.entries(metadata.templates).map(([name, template]) => ({
      name,
      settings: flat(template.settings),
      mappingTypes: Object.keys(template.mappings ?? {}),
    })),
    ...Object.entries(composable).map(([name, { template }]) => ({ name, settings: flat(template?.settings), mappingTypes: [] })),
  ];
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}
