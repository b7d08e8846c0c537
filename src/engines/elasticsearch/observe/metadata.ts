import type { SeenIndex, SeenTemplate } from '../../../domain/index.ts';
import { flat, number, object, text } from '../client/index.ts';

/** Index settings that every index has and no owner chose. */
const ownSettings = /^index\.(version\.|uuid$|provided_name$|creation_date$|number_of_replicas$|number_of_shards$)/;

/** Every index of a cluster state's metadata, closed ones too. */
export function indicesOf(state: unknown): readonly SeenIndex[] {
  const metadata = object(object(state).metadata);
  const blocks = object(object(object(state).blocks).indices);
  return Object.entries(object(metadata.indices))
    .map(([name, value]) => {
      const index = object(value);
      const settings = flat(index.settings);
      const created = number(settings['index.version.created']) ?? 0;
      return {
        name,
        uuid: settings['index.uuid'] ?? '',
        state: text(index.state) === 'close' ? ('close' as const) : ('open' as const),
        createdMajor: Math.floor(created / 1_000_000),
        createdVersion: readable(created),
        replicas: number(settings['index.number_of_replicas']) ?? 0,
        autoExpandReplicas: settings['index.auto_expand_replicas'] ?? null,
        mappingTypes: Object.keys(object(index.mappings)),
        settings: Object.fromEntries(Object.entries(settings).filter(([key]) => !ownSettings.test(key))),
        blocks: Object.keys(object(blocks[name])),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** `5050399` is 5.5.3. From 8.11 on the number counts index formats, so that only its major is a release's. */
function readable(created: number): string {
  const major = Math.floor(created / 1_000_000);
  const minor = Math.floor(created / 10_000) % 100;
  return minor > 30 ? `${major}.x` : `${major}.${minor}.${Math.floor(created / 100) % 100}`;
}

export function templatesOf(state: unknown): readonly SeenTemplate[] {
  return Object.entries(object(object(object(state).metadata).templates)).map(([name, value]) => ({
    name,
    settings: flat(object(value).settings),
    mappingTypes: Object.keys(object(object(value).mappings)),
  }));
}
