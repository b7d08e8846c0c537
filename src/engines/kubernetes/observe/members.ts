import {
  type KubernetesMemberSpec,
  kubernetesMembers,
  type MemberProcess,
  type Release,
  type SeenKubernetes,
  type SeenMember,
} from '../../../domain/index.ts';
import type { Look } from './look.ts';
import { releaseOfPatch } from './release-of-patch.ts';
import { type WhoseAnswer, whoseAnswer } from './whose-answer.ts';

/** Everything that answered for itself. */
export type Answers = Pick<SeenKubernetes, 'apiservers' | 'controllers' | 'etcd' | 'frontDoorAnswers' | 'nodes'>;

type Processes = ReadonlyMap<string, MemberProcess>;

/** Takes out what was answered by processes that were replaced meanwhile. */
export function withoutReplaced(answers: Answers, before: Processes, after: Processes): Answers {
  const holds = ({ name }: { readonly name: string }) => !after.has(name) || whoseOf(name, before, after).kind !== 'of-nobody';
  return {
    ...answers,
    apiservers: answers.apiservers.filter(holds),
    controllers: answers.controllers.filter(holds),
    etcd: answers.etcd.filter(holds),
  };
}

/** Each member as its host and the member itself, of a node its cluster, tell of it together. */
export function membersOf(look: Look, answers: Answers, before: Processes, after: Processes): readonly SeenMember[] {
  return kubernetesMembers(look.cluster.spec).map((member) => {
    const { name } = member;
    const process = after.get(name) ?? { state: 'unknown' as const, because: 'its host was not asked' };
    const answered = answerOf(look, member, answers);
    const joined = answered === null ? null : joinedAs(member, answered.nodeId, whoseOf(name, before, after));
    return { name, process, running: joined === null ? null : (answered?.running ?? null), joined };
  });
}

function whoseOf(name: string, before: Processes, after: Processes): WhoseAnswer {
  return whoseAnswer(before.get(name), after.get(name));
}

function joinedAs(member: KubernetesMemberSpec, nodeId: string, whose: WhoseAnswer): SeenMember['joined'] {
  if (whose.kind === 'ours') return { nodeId, ephemeralId: whose.ephemeralId };
  // What the cluster has of a node outlives the node's process: it is no answer of the node.
  if (whose.kind === 'of-nobody' || member.component === 'node') return null;
  return { nodeId, ephemeralId: 'unknown' };
}

/** What a member says that it is; null where it says nothing. */
function answerOf(
  { catalog }: Look,
  { name, component }: KubernetesMemberSpec,
  answers: Answers,
): { readonly nodeId: string; readonly running: Release | null } | null {
  const named = <T extends { readonly name: string }>(list: readonly T[]) => list.find((one) => one.name === name);
  switch (component) {
    case 'etcd': {
      const etcd = named(answers.etcd);
      return etcd === undefined ? null : { nodeId: etcd.memberId, running: { version: etcd.version, build: null } };
    }
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-scheduler': {
      const answered = component === 'kube-apiserver' ? named(answers.apiservers) : named(answers.controllers);
      return answered === undefined ? null : { nodeId: name, running: releaseOfPatch(catalog, answered.version) };
    }
    case 'front-door':
      return answers.frontDoorAnswers ? { nodeId: name, running: null } : null;
    case 'node': {
      const node = named(answers.nodes);
      return node === undefined ? null : { nodeId: node.uid, running: releaseOfPatch(catalog, node.kubeletVersion) };
    }
  }
}
