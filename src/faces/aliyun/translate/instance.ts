import type { ClusterView } from '../../../control/index.ts';
import { type ElasticsearchNodeSpec, elasticsearchSpec } from '../../../domain/index.ts';
import { instanceStatus } from './status.ts';
import { esVersion } from './version.ts';

/** `tags` as this API writes them. */
export function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue }));
}

/** What ListInstance shows of an instance. Its `port` and `isNewDeployment` are texts there. */
export function listItem(view: ClusterView) {
  const detail = instanceDetail(view);
  return { ...detail, port: String(detail.port), isNewDeployment: 'true' };
}

/**
 * What DescribeInstance shows. The groups that do not exist here are empty objects: clients read into them without
 * asking. `inited` says that creating has ended.
 */
export function instanceDetail(view: ClusterView) {
  const { cluster, release } = view;
  const { nodes, settings } = elasticsearchSpec(cluster);
  const data = nodes.filter((node) => node.roles.includes('data'));
  const masters = nodes.filter((node) => !node.roles.includes('data'));
  const address = new URL((data[0] ?? nodes[0])?.url || 'http://127.0.0.1:0');
  const zoneOf = (node: (typeof nodes)[number]) => node.zone ?? `${cluster.region}-a`;
  const zones = [...new Set(nodes.map(zoneOf))];
  const endpoints = zones.map((zoneId) => {
    const url = nodes.find((node) => zoneOf(node) === zoneId)?.url || 'http://127.0.0.1:0';
    return { zoneId, endpoint: new URL(url).host, vswitchId: '' };
  });
  const { state } = cluster.provisioning;
  return {
    ...everywhere,
    instanceId: cluster.id,
    description: cluster.description,
    esVersion: esVersion(release),
    version: esVersion(release),
    status: instanceStatus(view),
    inited: state !== 'creating',
    nodeAmount: data.length,
    createdAt: cluster.createdAt,
    updatedAt: cluster.updatedAt,
    vpcInstanceId: cluster.id,
    domain: address.hostname,
    port: Number(address.port || (address.protocol === 'https:' ? 443 : 80)),
    protocol: address.protocol === 'https:' ? 'HTTPS' : 'HTTP',
    dedicateMaster: masters.length > 0,
    advancedDedicateMaster: masters.length > 0,
    zoneCount: zones.length,
    zoneInfos: zones.map((zoneId) => ({ zoneId, status: 'NORMAL' })),
    nodeSpec: nodeGroup(data),
    masterConfiguration: masters.length === 0 ? {} : { amount: masters.length, ...nodeGroup(masters) },
    networkConfig: {
      type: 'vpc',
      vpcId: 'loopback',
      vswitchId: 'loopback',
      vsArea: zones[0] ?? cluster.region,
      whiteIpGroupList: [{ groupName: 'default', ips: ['127.0.0.1'], whiteIpType: 'PRIVATE_ES' }],
    },
    esConfig: settings,
    extendConfigs: release.build === null ? [] : [{ configType: 'aliVersion', aliVersion: release.build }],
    endpoints,
    tags: tagList(cluster.tags),
  };
}

/** What is the same for every instance here, most of it because nothing of the kind exists. */
const everywhere = {
  paymentType: 'postpaid',
  postpaidServiceStatus: 'active',
  instanceCategory: 'x-pack',
  archType: 'public',
  commodityCode: 'elasticsearch',
  resourceGroupId: '',
  publicDomain: '',
  publicPort: 0,
  kibanaDomain: '',
  kibanaPort: 0,
  kibanaPrivateDomain: '',
  kibanaPrivatePort: '0',
  enablePublic: false,
  enableKibanaPublicNetwork: false,
  enableKibanaPrivateNetwork: false,
  haveKibana: false,
  haveClientNode: false,
  warmNode: false,
  serviceVpc: false,
  isNewDeployment: true,
  endTime: 0,
  clientNodeConfiguration: {},
  kibanaConfiguration: {},
  warmNodeConfiguration: {},
  elasticDataNodeConfiguration: {},
  advancedSetting: { gcName: 'G1' },
  dictList: [],
  synonymsDicts: [],
  ikHotDicts: [],
  aliwsDicts: [],
  privateNetworkIpWhiteList: ['127.0.0.1'],
  publicIpWhitelist: [],
  kibanaIPWhitelist: [],
  kibanaPrivateIPWhitelist: [],
  esIPWhitelist: ['127.0.0.1'],
  esIPBlacklist: [],
  clusterTasks: [],
};

function nodeGroup(nodes: readonly ElasticsearchNodeSpec[]) {
  return { spec: `process.${nodes[0]?.heapMb ?? 0}m`, disk: 0, diskType: 'local', diskEncryption: false, performanceLevel: '' };
}
