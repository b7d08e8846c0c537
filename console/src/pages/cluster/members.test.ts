import { describe, expect, it } from 'vitest';
import type { Cluster, MemberTrial, Observation, SeenMember } from '../../api/types.ts';
import { groupsOf, refusedTrials } from './members.ts';

const node = (name: string, zone: string | null, ...roles: string[]) => ({ name, zone, roles, host: 'local', url: '' });

function seen(name: string, joined: boolean, state: SeenMember['process']['state']): SeenMember {
  const process = { state, pid: null, startedAt: null, exitCode: null, lastLines: [], because: null };
  return { name, joined, process, release: null };
}

const elasticsearch = (nodes: Cluster['nodes']) => ({ engine: 'elasticsearch', nodes }) as unknown as Cluster;
const kubernetes = (nodes: Cluster['nodes']) => ({ engine: 'kubernetes', nodes }) as unknown as Cluster;
const look = (members: SeenMember[], master: string | null = null) => ({ members, master }) as unknown as Observation;

describe('the members of a cluster', () => {
  it('stand by zone, with the elected master and who is in hand', () => {
    const cluster = elasticsearch([node('a1', 'a', 'data'), node('b1', 'b', 'data'), node('a2', 'a', 'data')]);
    const groups = groupsOf(cluster, look([seen('a1', true, 'running'), seen('b1', false, 'stopped')], 'a1'), ['b1']);
    expect(groups.map(({ name, members }) => [name, members.map((member) => member.name)])).toEqual([
      ['a', ['a1', 'a2']],
      ['b', ['b1']],
    ]);
    const all = groups.flatMap(({ members }) => members);
    expect(all.map(({ name, state, isMaster, isInHand }) => [name, state, isMaster, isInHand])).toEqual([
      ['a1', 'in-cluster', true, false],
      ['a2', 'not-seen', false, false],
      ['b1', 'away', false, true],
    ]);
  });

  it('are one group where there are no zones', () => {
    expect(groupsOf(elasticsearch([node('a', null), node('b', null)]), undefined, []).map(({ name }) => name)).toEqual([null]);
  });

  it('of a control plane stand by component, the place for upgrades beside the apiservers', () => {
    const cluster = kubernetes([node('etcd-1', null, 'etcd'), node('apiserver-1', null, 'kube-apiserver')]);
    const seenMembers = [
      seen('etcd-1', true, 'running'),
      seen('apiserver-1', false, 'launching'),
      seen('apiserver-surge', false, 'absent'),
    ];
    const groups = groupsOf(cluster, look(seenMembers), []);
    expect(groups.map(({ name, members }) => [name, members.map((member) => [member.name, member.state])])).toEqual([
      ['etcd', [['etcd-1', 'in-cluster']]],
      [
        'kube-apiserver',
        [
          ['apiserver-1', 'starting'],
          ['apiserver-surge', 'spare'],
        ],
      ],
    ]);
  });
});

describe('trial starts that were refused', () => {
  it('are told once for all members that they refused alike', () => {
    const trial = (member: string, version: string, outcome: MemberTrial['outcome']): MemberTrial => ({
      key: { clusterId: 'c', member, release: { version, build: null }, settingsHash: member },
      outcome,
    });
    const refused = (line: string) => ({ kind: 'refused' as const, at: '2026-11-25T00:00:00.000Z', lastLines: [line] });
    expect(
      refusedTrials([
        trial('a', '7.0.0', refused('unknown setting')),
        trial('b', '7.0.0', refused('unknown setting')),
        trial('c', '7.0.0', refused('no such file')),
        trial('a', '8.0.0', refused('unknown setting')),
        trial('d', '7.0.0', { kind: 'off' }),
      ]),
    ).toEqual([
      { release: '7.0.0', members: ['a', 'b'], lastLines: ['unknown setting'] },
      { release: '7.0.0', members: ['c'], lastLines: ['no such file'] },
      { release: '8.0.0', members: ['a'], lastLines: ['unknown setting'] },
    ]);
  });
});
