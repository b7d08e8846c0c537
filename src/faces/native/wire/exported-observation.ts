import { type Static, Type } from 'typebox';
import { exportedFormat, exportedVersion } from '../../../domain/index.ts';
import { closed, named } from './common.ts';
import { ElasticsearchDescription, ElasticsearchSeen } from './exported-elasticsearch.ts';
import { KubernetesDescription, KubernetesSeen } from './exported-kubernetes.ts';
import { ExportedHost, ExportedMember, Moment, Texts, Word } from './exported-parts.ts';

/** Larger than what is rehearsed, with a page of settings for each node and index. */
export const exportedMaxBytes = 8 * 1_024 * 1_024;

const common = {
  format: Type.Literal(exportedFormat),
  version: Type.Literal(exportedVersion, { description: 'Of the format; another one is not read.' }),
  name: Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,255}$', description: 'Of the cluster.' }),
  anonymous: Type.Boolean({ description: 'Names of nodes, indices and the like are replaced by others.' }),
  takenAt: Moment,
  members: Type.Array(ExportedMember, { maxItems: 1_000 }),
  hosts: Type.Record(Word, ExportedHost, { maxProperties: 1_000 }),
  unknowns: Texts,
} as const;

const described = {
  ...closed,
  description:
    'One look at a cluster without secrets: settings, flags and addresses that look like one are scrubbed. Any server can rehearse it.',
};

const OfElasticsearch = Type.Object(
  { ...common, engine: Type.Literal('elasticsearch'), spec: ElasticsearchDescription, seen: ElasticsearchSeen },
  described,
);
const OfKubernetes = Type.Object(
  { ...common, engine: Type.Literal('kubernetes'), spec: KubernetesDescription, seen: KubernetesSeen },
  described,
);

export const ExportedObservation = named(
  'ExportedObservation',
  Type.Unsafe<Static<typeof OfElasticsearch> | Static<typeof OfKubernetes>>({
    type: 'object',
    required: ['engine'],
    discriminator: { propertyName: 'engine' },
    oneOf: [OfElasticsearch, OfKubernetes],
  }),
);
