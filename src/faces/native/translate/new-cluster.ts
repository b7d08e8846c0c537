import type { Static } from 'typebox';
import type { NewCluster } from '../../../control/index.ts';
import type { ElasticsearchNodeSpec } from '../../../domain/index.ts';
import { type ApiError, fail } from '../errors.ts';
import type { NewElasticsearch, NewNode } from '../wire/index.ts';

type Body = Static<typeof NewElasticsearch>;
type NodeBody = Static<typeof NewNode>;

const usualHeapMb = 512;
const loopback = '127.0.0.1';
/** What a registered cluster runs is seen, not declared: this is never stored. */
const notDeclared = { version: 'that it runs', build: null };

export type NewClusterResult = { readonly kind: 'description'; readonly cluster: NewCluster } | ApiError;

/** A description as control takes it; an error that names what is missing where nothing sensible can be assumed. */
export function newClusterOf(body: Body, defaultRegion: string): NewClusterResult {
  const created = body.origin === 'created';
  const bindAddress = body.bindAddress ?? loopback;
  const missing = missingOf(body, created);
  if (missing !== null) return fail('bad-input', missing.says, { details: { key: missing.key } });
  return {
    kind: 'description',
    cluster: {
      name: body.name,
      description: body.description ?? '',
      region: body.region ?? defaultRegion,
      tags: body.tags ?? {},
      secrets: typeof body.password === 'string' ? { password: body.password } : {},
      spec: {
        kind: 'elasticsearch',
        clusterName: body.clusterName,
        nodes: body.nodes.map((node) => nodeOf(node, created)),
        release: body.release === undefined ? notDeclared : { version: body.release.version, build: body.release.build ?? null },
        settings: Object.fromEntries(Object.entries(body.settings ?? {}).map(([name, value]) => [name, String(value)])),
        awarenessAttribute: body.awarenessAttribute ?? null,
        bindAddress,
        repositoryPath: body.repositoryPath ?? null,
        username: body.username ?? null,
        hooks: { preStop: body.hooks?.preStop ?? null, postStart: body.hooks?.postStart ?? null },
        gateAfterFirstMember: body.gateAfterFirstMember ?? false,
      },
    },
  };
}

interface Missing {
  readonly key: string;
  readonly says: string;
}

function missingOf(body: Body, created: boolean): Missing | null {
  if (created && body.release === undefined) return missing('release', 'is needed for a cluster that is to be created.');
  if (typeof body.username === 'string' && typeof body.password !== 'string')
    return missing('password', 'is needed with username.');
  if (typeof body.password === 'string' && typeof body.username !== 'string')
    return missing('username', 'is needed with password.');
  for (const [index, node] of body.nodes.entries()) {
    const found = missingOfNode(node, `nodes[${index}]`, created) ?? missingAddress(body, node, created);
    if (found !== null) return found;
  }
  return null;
}

function missingOfNode(node: NodeBody, key: string, created: boolean): Missing | null {
  if (node.url === undefined) return created ? null : missing(`${key}.url`, 'is needed: where does the node answer?');
  if (urlOf(node.url) === null) return missing(`${key}.url`, 'is not a URL, such as http://127.0.0.1:9201.');
  if (ownerOf(node, created) === 'clusterlift' && node.transportPort === undefined && !created)
    return missing(
      `${key}.transportPort`,
      'is needed, because the settings file of the node is written by Clusterlift; with settingsFileOwner "owner", as is usual, it is not.',
    );
  return null;
}

/** A node that was reachable from elsewhere must be so after its restart. */
function missingAddress(body: Body, node: NodeBody, created: boolean): Missing | null {
  if (created || body.bindAddress !== undefined || ownerOf(node, created) === 'owner' || node.url === undefined) return null;
  if (/^(localhost|127\.|\[::1\])/.test(urlOf(node.url)?.hostname ?? '')) return null;
  return missing(
    'bindAddress',
    `is needed, because the settings file of ${node.name}, which does not answer on loopback, is written by Clusterlift.`,
  );
}

function missing(key: string, says: string): Missing {
  return { key, says: `${key} ${says}` };
}

/** A node that runs has a settings file, and nothing in it may get lost: it stays its owner's unless he says otherwise. */
function ownerOf(node: NodeBody, created: boolean): ElasticsearchNodeSpec['settingsFileOwner'] {
  return node.settingsFileOwner ?? (created ? 'clusterlift' : 'owner');
}

/** What is not said of a registered node is taken as the node has it. */
function nodeOf(node: NodeBody, created: boolean): ElasticsearchNodeSpec {
  const url = node.url?.replace(/\/$/, '') ?? '';
  return {
    name: node.name,
    host: node.host ?? 'local',
    url,
    httpPort: node.httpPort ?? portOf(url),
    transportPort: node.transportPort ?? 0,
    zone: node.zone ?? null,
    roles: node.roles ?? ['master', 'data', 'ingest'],
    heapMb: node.heapMb ?? (created ? usualHeapMb : 0),
    ...(node.jvmOptions === undefined ? {} : { jvmOptions: node.jvmOptions }),
    settingsFileOwner: ownerOf(node, created),
    folders: node.folders ?? null,
  };
}

/** 0 where there is no url: control finds one. */
function portOf(text: string): number {
  const url = urlOf(text);
  if (url === null) return 0;
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
