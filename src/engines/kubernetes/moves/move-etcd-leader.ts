import { Type } from 'typebox';
import type { ActResult } from '../../../domain/index.ts';
import { trouble, urlOf } from '../client/index.ts';
import { askEtcd, EtcdMembers, EtcdStatus } from './etcd-gateway.ts';
import { done, failed, memberSpec, type Perform, theOne } from './move.ts';

/** Gives the leadership to another member, so that the one that leads can be stopped without an election. */
export const moveEtcdLeader: Perform = async (move, context, io) => {
  const { name } = theOne(move);
  const to = move.parameters.to ?? '';
  const member = memberSpec(context, name);
  if (member === undefined) return failed(`${name} is no member of the cluster.`);
  const place = { cluster: context.cluster, io, url: urlOf(member) };
  const status = await askEtcd(place, 'maintenance/status', {}, EtcdStatus);
  if (status.kind !== 'ok') return failed(`${name} does not say who leads: ${trouble(status)}`);
  const members = await askEtcd(place, 'cluster/member/list', { linearizable: false }, EtcdMembers);
  if (members.kind !== 'ok') return failed(`${name} does not name the members of etcd: ${trouble(members)}`);
  const target = members.value.members.find((one) => one.name === to);
  if (target === undefined) return failed(`etcd has no member ${to}.`);
  if (status.value.leader === target.ID) return done(`${to} leads etcd.`);
  if (status.value.leader !== status.value.header.member_id) return notLeading(name);
  const moved = await askEtcd(place, 'maintenance/transfer-leadership', { targetID: target.ID }, Type.Unknown());
  return moved.kind === 'ok' ? done(`${to} leads etcd.`) : failed(`${name} did not give the lead to ${to}: ${trouble(moved)}`);
};

function notLeading(name: string): ActResult {
  return { kind: 'refused', because: 'identity-changed', says: `${name} no longer leads etcd.` };
}
