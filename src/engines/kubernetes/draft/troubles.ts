import { isIP } from 'node:net';
import { type ClusterSpec, type KubernetesMemberSpec, type KubernetesSpec, kubernetesMembers } from '../../../domain/index.ts';
import { mostOf } from './addresses.ts';

/** Of a Node object and so of every member: the names are file names as well. */
const nameForm = /^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$/;
/** A name of DNS. What is no address would go into flags, scripts and configuration all the same. */
const hostForm = /^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?$/;
/** An even number of members bears the loss of no more than one less. */
const etcdCounts = [0, 1, 3, 5, 7, 9];
const longestSoakMs = 7 * 24 * 60 * 60_000;

export function troubles(spec: ClusterSpec, hosts: (key: string) => boolean): readonly string[] {
  if (spec.kind !== 'kubernetes') return ['kind: it must be kubernetes.'];
  const all = kubernetesMembers(spec);
  return [
    ...all.flatMap((member) => memberTroubles(member, hosts)),
    ...duplicates(all.map(({ name }) => name)).map((name) => `members: ${name} is there twice.`),
    ...duplicates(spec.nodegroups.map(({ name }) => name)).map((name) => `nodegroups: ${name} is there twice.`),
    ...countTroubles(spec),
    ...valueTroubles(spec),
  ];
}

function memberTroubles(member: KubernetesMemberSpec, hosts: (key: string) => boolean): readonly string[] {
  const { name, host, address, port } = member;
  return [
    ...(nameForm.test(name) ? [] : [`members: ${name} is no name; use small letters, digits, dots and hyphens.`]),
    ...(hosts(host) ? [] : [`members: ${name}: host ${host} is not configured on this server.`]),
    ...(isAddress(address) ? [] : [`members: ${name}: ${address} is no address.`]),
    ...(Number.isInteger(port) && port >= 0 && port < 65_536 ? [] : [`members: ${name}: ${port} is no port.`]),
  ];
}

function countTroubles(spec: KubernetesSpec): readonly string[] {
  const count = (component: KubernetesMemberSpec['component']) =>
    kubernetesMembers(spec).filter((member) => member.component === component && !member.surge).length;
  return [
    ...(count('kube-apiserver') > 0 ? [] : ['members: there is no kube-apiserver.']),
    ...(etcdCounts.includes(count('etcd')) ? [] : ['members: the number of etcd members must be odd, 9 at most.']),
    ...(count('front-door') > 1 ? ['members: there is more than one front-door.'] : []),
    ...(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'node'] as const)
      .filter((component) => count(component) > mostOf[component])
      .map((component) => `members: there are more than ${mostOf[component]} of ${component}.`),
  ];
}

function valueTroubles({ endpoint, serviceCidr, soakMs, flags }: KubernetesSpec): readonly string[] {
  return [
    ...(endpoint === '' || isHttps(endpoint) ? [] : [`endpoint: ${endpoint} is no https address.`]),
    ...(isCidr(serviceCidr) ? [] : [`serviceCidr: ${serviceCidr} is no range of IPv4 addresses such as 10.96.0.0/16.`]),
    ...(soakMs >= 0 && soakMs <= longestSoakMs ? [] : ['soakMs: it must be between 0 and seven days.']),
    ...Object.entries(flags).flatMap(([component, words]) =>
      (words ?? []).filter((word) => !word.startsWith('-')).map((word) => `flags.${component}: ${word} does not begin with --.`),
    ),
  ];
}

/** Empty: one is found when the cluster is made. */
function isAddress(text: string): boolean {
  return text === '' || isIP(text) > 0 || hostForm.test(text);
}

/** A URL may hold what is dropped when it is read, line breaks among it: they would not be dropped where it is written. */
function isHttps(text: string): boolean {
  return /^https:\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  return more.length === 0 && isIP(address) === 4 && /^\d+$/.test(bits) && Number(bits) >= 8 && Number(bits) <= 28;
}

function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
