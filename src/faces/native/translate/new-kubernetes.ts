import type { Static } from 'typebox';
import type { NewCluster } from '../../../control/index.ts';
import {
  defaultRelease,
  httpsEndpoint,
  type KubernetesMemberSpec,
  type KubernetesSpec,
  type Release,
} from '../../../domain/index.ts';
import type { FaceParts } from '../call.ts';
import { fail } from '../errors.ts';
import type { NewKubernetes, NewMember } from '../wire/index.ts';
import { type Access, accessOf } from './cluster-access.ts';
import type { NewClusterResult } from './new-cluster.ts';

type Body = Static<typeof NewKubernetes>;
type Parts = Pick<FaceParts, 'control' | 'defaultRegion' | 'requestedSpec'>;

/** What a registered cluster runs is seen, not declared: this is never stored. */
const notDeclared: Release = { version: 'that it runs', build: null };

const usualPorts = { 'kube-apiserver': 6443, 'kube-controller-manager': 10_257, 'kube-scheduler': 10_259, 'front-door': 6443 };

const onlyOf = {
  created: ['release', 'apiservers', 'etcdMembers', 'controllers', 'soakSeconds', 'drainTimeoutSeconds'],
  registered: ['members', 'credentials', 'activationCode'],
} as const;

/** A description as control takes it; an error that names the key where it says too little or what does not go together. */
export function newKubernetesOf(body: Body, parts: Parts): NewClusterResult {
  const origin = body.origin ?? 'registered';
  const other = origin === 'created' ? 'registered' : 'created';
  const misplaced = onlyOf[other].find((key) => body[key] !== undefined);
  if (misplaced !== undefined) return wrong(misplaced, `is for a cluster that is ${other}; this one is ${origin}.`);
  return origin === 'created' ? createdOf(body, parts) : registeredOf(body, parts);
}

export function activationOf(body: { readonly engine: string; readonly activationCode?: string }) {
  return body.activationCode === undefined ? {} : { activationCode: body.activationCode };
}

function createdOf(body: Body, parts: Parts): NewClusterResult {
  const { release, apiservers, etcdMembers, controllers, soakSeconds, drainTimeoutSeconds } = body;
  if (release === undefined) return wrong('release', 'is needed for a cluster that is to be created.');
  const endpoint = body.endpoint === undefined ? undefined : httpsEndpoint(body.endpoint);
  if (endpoint === null) return wrong('endpoint', 'must be the https address of a balancer, such as https://lb.example:6443.');
  const { version, build = null } = release;
  const catalog = parts.control.catalogOf('kubernetes');
  const spec = parts.requestedSpec({
    release: build === null && catalog !== undefined ? defaultRelease(catalog, version) : { version, build },
    ...given('apiservers', apiservers),
    ...given('etcd', etcdMembers),
    ...given('controllers', controllers),
    ...given('soakMs', soakSeconds === undefined ? undefined : soakSeconds * 1_000),
    ...given('endpoint', endpoint),
    ...given('drainTimeoutMs', drainTimeoutSeconds === undefined ? undefined : drainTimeoutSeconds * 1_000),
    ...saidOfBoth(body),
  });
  return described(body, parts, spec, {});
}

function registeredOf(body: Body, parts: Parts): NewClusterResult {
  if (body.members === undefined) return wrong('members', 'are needed: where does each apiserver answer?');
  if (body.credentials === undefined) return wrong('credentials', 'are needed: what may we look at the cluster with?');
  const access = accessOf(body.credentials);
  if (access.kind === 'wrong') return wrong(access.key, access.says);
  const endpoint = endpointOf(body, access);
  if (endpoint === null) return wrong('endpoint', 'is needed, an https address: where do clients reach the cluster?');
  const spec = parts.requestedSpec({ release: notDeclared, ...saidOfBoth(body) });
  const ofOwner = { members: body.members.map(memberOf), endpoint, authenticationUrl: null };
  return described(body, parts, { ...spec, ...ofOwner }, access.secrets);
}

function endpointOf({ endpoint }: Body, access: Access): string | null {
  const said = (endpoint ?? access.server)?.replace(/\/$/, '');
  return said?.startsWith('https://') === true && URL.canParse(said) ? said : null;
}

function memberOf({ name, component, host, address, port }: Static<typeof NewMember>): KubernetesMemberSpec {
  return {
    ...{ name, component, host: host ?? 'local', address, port: port ?? usualPorts[component] },
    surge: false,
    nodegroup: null,
  };
}

function saidOfBoth({ serviceCidr, flags, gateAfterFirstMember }: Body) {
  return {
    ...given('serviceCidr', serviceCidr),
    ...given('flags', flags),
    ...given('gateAfterFirstMember', gateAfterFirstMember),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: V });
}

function described(body: Body, parts: Parts, spec: KubernetesSpec, secrets: NewCluster['secrets']): NewClusterResult {
  return {
    kind: 'description',
    cluster: {
      name: body.name,
      description: body.description ?? '',
      region: body.region ?? parts.defaultRegion,
      tags: body.tags ?? {},
      secrets,
      spec,
    },
  };
}

function wrong(key: string, says: string) {
  return fail('bad-input', `${key} ${says}`, { details: { key } });
}
