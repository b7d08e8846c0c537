/**
 * Completes the description of a cluster that is to be made: addresses that are free, keys and certificates.
 * It does not know: who asked for it, how its members are started.
 */
import { createHash } from 'node:crypto';
import {
  type Draft,
  type DraftRequest,
  type KubernetesSpec,
  kubernetesMembers,
  type MakerIo,
  webhookTokenSecret,
} from '../../../domain/index.ts';
import { blockOf, blockPorts, withAddresses } from './addresses.ts';
import { newIdentities } from './identities.ts';

export { blockOf, mostOf, withAddresses } from './addresses.ts';
export { nodeIdentityRequest } from './identities.ts';
export { newMember, type RequestedSpec, requestedSpec, usualServiceCidr, usualSoakMs } from './requested-spec.ts';
export { troubles } from './troubles.ts';

export async function draft(request: DraftRequest, io: MakerIo): Promise<Draft> {
  const { spec } = request;
  if (spec.kind !== 'kubernetes') return { kind: 'refused', because: ['kind: it must be kubernetes.'] };
  const [key, ...others] = new Set(kubernetesMembers(spec).map(({ host }) => host));
  // Addresses of loopback are good on one host only.
  if (key === undefined || others.length > 0)
    return { kind: 'refused', because: ['members: every member of a cluster that is to be made must be on the same host.'] };
  const host = io.hosts(key);
  if (host === undefined) return { kind: 'refused', because: [`members: host ${key} is not configured on this server.`] };
  const taken = request.others.flatMap((other) => (other.kind === 'kubernetes' ? (blockOf(other) ?? []) : []));
  const block = await host.freeLoopbackBlock(blockPorts, taken);
  const drafted: KubernetesSpec = {
    ...withBlock(spec, block),
    authenticationUrl: spec.authenticationUrl ?? (request.authenticationUrl === '' ? null : request.authenticationUrl),
    snapshotFolder: spec.snapshotFolder ?? request.repositoryFolder,
  };
  return { kind: 'drafted', spec: drafted, secrets: await newSecrets(drafted, io) };
}

function withBlock(spec: KubernetesSpec, block: string): KubernetesSpec {
  const members = withAddresses(spec.members, block);
  const nodes = withAddresses(
    spec.nodegroups.flatMap((group) => group.nodes),
    block,
  );
  const door =
    members.find(({ component }) => component === 'front-door') ??
    members.find(({ component }) => component === 'kube-apiserver');
  return {
    ...spec,
    members,
    nodegroups: spec.nodegroups.map((group) => ({ ...group, nodes: nodes.filter(({ nodegroup }) => nodegroup === group.name) })),
    endpoint: spec.endpoint === '' ? `https://${door?.address}:${door?.port}` : spec.endpoint,
  };
}

async function newSecrets(spec: KubernetesSpec, io: MakerIo): Promise<Readonly<Record<string, string>>> {
  const identities = await newIdentities(spec, io.certificates, io.now());
  const { publicKey, privateKey } = await io.certificates.signingKeys();
  return {
    ...identities,
    'sa.pub': publicKey,
    'sa.key': privateKey,
    // As secret as the key that it is made from.
    [webhookTokenSecret]: createHash('sha256').update(`webhook\n${privateKey}`).digest('hex'),
  };
}
