import {
  type KubernetesComponent,
  type KubernetesMemberSpec,
  type KubernetesSpec,
  kubernetesMembers,
} from '../../../domain/index.ts';

/** The last number of the first address of each component; nodes have all that is left. */
const firstOf: Readonly<Record<KubernetesComponent, number>> = {
  'front-door': 1,
  'kube-apiserver': 11,
  etcd: 21,
  'kube-controller-manager': 31,
  'kube-scheduler': 41,
  node: 51,
};
const surgeApiserver = 19;
const lastOfAll = 254;

/** How many a block has room for. */
export const mostOf: Readonly<Record<KubernetesComponent, number>> = {
  'front-door': 1,
  'kube-apiserver': 8,
  etcd: 9,
  'kube-controller-manager': 9,
  'kube-scheduler': 9,
  node: lastOfAll - firstOf.node + 1,
};

/** Every port that a member of ours listens on at its own address. */
export const blockPorts = [6443, 2379, 2380, 10257, 10259] as const;

/** Gives those an address that have none, each the lowest free one of its component in this block (`127.77.3`). */
export function withAddresses(
  members: readonly KubernetesMemberSpec[],
  block: string,
  others: readonly KubernetesMemberSpec[] = [],
): readonly KubernetesMemberSpec[] {
  const taken = new Set([...others, ...members].map(({ address }) => address));
  return members.map((member) => {
    if (member.address !== '') return member;
    const address = freeAddress(member, block, taken);
    taken.add(address);
    return { ...member, address };
  });
}

function freeAddress({ component, surge }: KubernetesMemberSpec, block: string, taken: ReadonlySet<string>): string {
  const first = component === 'kube-apiserver' && surge ? surgeApiserver : firstOf[component];
  for (let number = first; number <= lastOfAll; number += 1) {
    const address = `${block}.${number}`;
    if (!taken.has(address)) return address;
  }
  throw new Error(`no address is left in ${block} for one more ${component}`);
}

/** The block that a cluster of ours lives in; null where its addresses are its owner's. Every one has an apiserver. */
export function blockOf(spec: KubernetesSpec): string | null {
  const address = kubernetesMembers(spec).find(({ component }) => component === 'kube-apiserver')?.address ?? '';
  return /^(127\.\d+\.\d+)\.\d+$/.exec(address)?.[1] ?? null;
}
