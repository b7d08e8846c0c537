import { type Catalog, catalogRelease, type ElasticsearchRole, type SeenNode } from '../../../domain/index.ts';
import { array, flat, type Json, number, object, text, texts } from '../client/index.ts';

/** The nodes of `GET /_nodes/settings,process,jvm,plugins`, by name. */
export function nodesOf(body: unknown, catalog: Catalog): readonly SeenNode[] {
  return Object.entries(object(object(body).nodes))
    .map(([nodeId, value]) => nodeOf(nodeId, object(value), catalog))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function nodeOf(nodeId: string, node: Json, catalog: Catalog): SeenNode {
  const settings = flat(node.settings);
  const jvm = object(node.jvm);
  const version = text(node.version) ?? '';
  const plugins = array(node.plugins).flatMap((plugin) => text(object(plugin).name) ?? []);
  const jvmInputArguments = texts(jvm.input_arguments);
  return {
    nodeId,
    ephemeralId: '',
    name: text(node.name) ?? nodeId,
    version,
    roles: texts(node.roles).filter(
      (role): role is ElasticsearchRole => role === 'master' || role === 'data' || role === 'ingest',
    ),
    zone: text(object(node.attributes).zone),
    pid: number(object(node.process).id),
    plugins,
    settings,
    jvmInputArguments,
    javaVersion: text(jvm.version),
    heapUsedPercent: null,
    diskUsedPercent: null,
    diskFreeBytes: null,
    build: buildOf(catalog, version, settings, jvmInputArguments, plugins),
  };
}

/** Observed, not remembered: the one build of the catalog whose options, settings and plugins are all there. */
export function buildOf(
  catalog: Catalog,
  version: string,
  settings: Readonly<Record<string, string>>,
  jvmInputArguments: readonly string[],
  plugins: readonly string[],
): string | null {
  const fitting = (catalogRelease(catalog, version)?.builds ?? []).filter(
    (build) =>
      build.jvmOptions.every((option) => jvmInputArguments.includes(option)) &&
      Object.entries(build.settings).every(([name, value]) => settings[name] === value) &&
      build.plugins.every((plugin) => plugins.includes(plugin)),
  );
  const [only] = fitting;
  if (only === undefined) return null;
  if (fitting.length === 1) return only.id;
  return fitting.find((build) => build.id === settings['node.attr.clusterlift_build'])?.id ?? null;
}
