import { Type } from 'typebox';
import { compareVersions, type SeenApiserver, type SeenKubernetes } from '../../../domain/index.ts';
import { type KubernetesClient, reader } from '../client/index.ts';
import { minorOf } from '../minors.ts';
import { lookAtAddons } from './addons.ts';
import { type AnsweringApiserver, lookAtDeprecated } from './apiservers.ts';
import { lookAtNewerObjects, lookAtStorageVersions } from './discovery.ts';
import { lookAtApiServices, lookAtCustomResources } from './extensions.ts';
import { type Look, timeouts, valueOr } from './look.ts';
import { lookAtNodes } from './nodes.ts';
import { lookAtWebhooks } from './webhooks.ts';

const readUid = reader('the namespace kube-system', Type.Object({ metadata: Type.Object({ uid: Type.String() }) }));

/** From the apiserver's own memory: it never changes, and is known there when etcd does not answer. */
const uidPath = '/api/v1/namespaces/kube-system?resourceVersion=0';

export type Inside = Pick<
  SeenKubernetes,
  | 'clusterUid'
  | 'nodes'
  | 'disruptionBudgets'
  | 'failingClosedWebhooks'
  | 'unavailableApiServices'
  | 'customResources'
  | 'addons'
  | 'newerObjects'
> & { readonly apiservers: readonly SeenApiserver[] };

/** What is kept in the cluster, asked of one apiserver; of each apiserver what only it knows. */
export async function lookInside(
  look: Look,
  entry: AnsweringApiserver,
  all: Promise<readonly AnsweringApiserver[]>,
): Promise<Inside> {
  const [clusterUid, nodes, beside] = await Promise.all([
    uidOf(look, entry.client),
    lookAtNodes(look, entry.client),
    look.depth === 'plan' ? lookForChecks(look, entry, all) : nothingForChecks(all),
  ]);
  return { clusterUid, ...nodes, ...beside };
}

/** Empty: not known. */
async function uidOf(look: Look, client: KubernetesClient): Promise<string> {
  const answer = await client.get(uidPath, readUid, { timeoutMs: timeouts.listMs, until: look.until });
  return valueOr(look, 'clusterUid', answer, { metadata: { uid: '' } }).metadata.uid;
}

type ForChecks = Omit<Inside, 'clusterUid' | 'nodes' | 'disruptionBudgets'>;

async function nothingForChecks(all: Promise<readonly AnsweringApiserver[]>): Promise<ForChecks> {
  return {
    apiservers: (await all).map(({ seen }) => seen),
    failingClosedWebhooks: [],
    unavailableApiServices: [],
    customResources: [],
    addons: [],
    newerObjects: [],
  };
}

async function lookForChecks(
  look: Look,
  entry: AnsweringApiserver,
  all: Promise<readonly AnsweringApiserver[]>,
): Promise<ForChecks> {
  const { client } = entry;
  const [failingClosedWebhooks, apis, customResources, addons] = await Promise.all([
    lookAtWebhooks(look, client),
    lookAtApis(look, entry, all),
    lookAtCustomResources(look, client),
    lookAtAddons(look, client),
  ]);
  return { failingClosedWebhooks, customResources, addons, ...apis };
}

async function lookAtApis(look: Look, entry: AnsweringApiserver, all: Promise<readonly AnsweringApiserver[]>) {
  const { unavailable, served } = await lookAtApiServices(look, entry.client);
  const answering = await all;
  const apiservers = await Promise.all(
    answering.map(async (apiserver) => {
      const [deprecated, storageVersions] = await Promise.all([
        lookAtDeprecated(look, apiserver),
        lookAtStorageVersions(look, apiserver, served),
      ]);
      return { ...apiserver.seen, deprecated, storageVersions };
    }),
  );
  const newest = answering.reduce((best, one) => (compareVersions(behaviour(one), behaviour(best)) > 0 ? one : best), entry);
  const own = apiservers.find(({ name }) => name === newest.seen.name);
  const newerObjects = await lookAtNewerObjects(look, newest.client, behaviour(newest), Object.keys(own?.storageVersions ?? {}));
  return { apiservers, unavailableApiServices: unavailable, newerObjects };
}

function behaviour({ seen }: AnsweringApiserver): string {
  return seen.emulated ?? minorOf(seen.version);
}
