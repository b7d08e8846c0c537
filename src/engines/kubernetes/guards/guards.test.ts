import { describe, expect, it } from 'vitest';
import type { SeenKubernetes } from '../../../domain/index.ts';
import { emptyLedger } from '../../../domain/index.ts';
import { guardContextOf, situationOf } from '../decide/situation.ts';
import {
  aGroup,
  aHop,
  aWorld,
  catalog,
  forward,
  memberOf,
  old,
  older,
  planOf,
  type World,
  type WorldSize,
  worldCluster,
  young,
} from '../testing-world.ts';
import { observe } from '../testing-world-look.ts';
import { type Aim, guards, judge, type Taking } from './index.ts';

interface Asked {
  readonly size?: WorldSize;
  readonly world?: (world: World) => void;
  readonly seen?: Partial<SeenKubernetes>;
  readonly how?: Taking['how'];
  readonly acknowledged?: readonly string[];
  readonly unknowns?: readonly string[];
}

const as = (release: Aim['release'], emulate: string | null = null): Aim => ({ release, emulate });
const emulating = as(young, '1.36');

function contextOf(name: string, aim: Aim, asked: Asked) {
  const world = aWorld({ etcd: 3, nodegroups: [aGroup('blue', 3)], ...asked.size });
  asked.world?.(world);
  const looked = observe(world);
  if (looked.cluster.kind !== 'seen') throw new Error('seen');
  const seen = { ...looked.cluster.seen, ...asked.seen };
  const plan = planOf([name.startsWith('blue') ? aHop(old, young, { nodegroup: 'blue' }) : forward]);
  const situation = situationOf({
    cluster: worldCluster(world),
    catalog,
    plan,
    observation: { ...looked, unknowns: asked.unknowns ?? [], cluster: { kind: 'seen', seen } },
    ledger: emptyLedger,
    intent: 'go',
    generation: 0,
    trials: [],
    acknowledged: asked.acknowledged ?? [],
    now: looked.at,
  });
  const member = situation.members.find((candidate) => candidate.name === name);
  if (member === undefined) throw new Error(`there is no ${name}`);
  return guardContextOf(situation, seen, { how: asked.how ?? 'replace', member, aim });
}

/** The verdict of one guard: `may`, or what it is about. */
function verdict(id: string, name: string, aim: Aim, asked: Asked = {}): string {
  const guard = guards.find((candidate) => candidate.id === id);
  if (guard === undefined) throw new Error(`there is no guard ${id}`);
  const judged = guard.judge(contextOf(name, aim, asked));
  return judged.may ? 'may' : judged.because.subject;
}

const down = (...names: readonly string[]) => ({
  world: (world: World) => {
    for (const name of names) memberOf(world, name).process = 'stopped';
  },
});
const surgeReady = (world: World) => {
  memberOf(world, 'apiserver-surge').process = 'running';
};

describe('apiservers', () => {
  it('go one at a time, and one that serves nobody at any time', () => {
    const id = 'k8s.one-apiserver-away';
    expect(verdict(id, 'apiserver-1', emulating)).toBe('may');
    expect(verdict(id, 'apiserver-1', emulating, down('apiserver-2'))).toBe('apiserver-2');
    expect(verdict(id, 'apiserver-2', emulating, down('apiserver-2'))).toBe('may');
    expect(verdict(id, 'apiserver-surge', emulating, { how: 'remove', ...down('apiserver-2') })).toBe('may');
    const both = (world: World) => {
      surgeReady(world);
      memberOf(world, 'apiserver-2').process = 'stopped';
    };
    expect(verdict(id, 'apiserver-surge', emulating, { how: 'remove', world: both })).toBe('apiserver-2');
  });

  it('wait for the one more beside them, where there is a place for it', () => {
    const id = 'k8s.surge-before-stop';
    expect(verdict(id, 'apiserver-1', emulating)).toBe('apiserver-surge');
    expect(verdict(id, 'apiserver-1', emulating, { world: surgeReady })).toBe('may');
    expect(verdict(id, 'apiserver-1', emulating, { size: { surge: false } })).toBe('may');
  });

  it('never behave as a minor that the program of another does not know', () => {
    const id = 'k8s.apiservers-behave-alike';
    expect(verdict(id, 'apiserver-1', as(young))).toBe('apiserver-2');
    expect(verdict(id, 'apiserver-1', emulating)).toBe('may');
    const lifted = (world: World) => {
      for (const name of ['apiserver-1', 'apiserver-2']) memberOf(world, name).release = young;
    };
    expect(verdict(id, 'apiserver-1', as(young), { world: lifted })).toBe('may');
    expect(verdict(id, 'apiserver-1', as(old), { world: lifted })).toBe('apiserver-2');
  });

  it('are within one minor of one another', () => {
    const id = 'k8s.apiservers-within-one-minor';
    expect(verdict(id, 'apiserver-1', emulating)).toBe('may');
    const world = (current: World) => {
      memberOf(current, 'apiserver-2').release = older;
    };
    expect(verdict(id, 'apiserver-1', emulating, { world })).toBe('apiserver-2');
  });
});

describe('controllers', () => {
  const apiservers = (emulate: string | null) => (world: World) => {
    for (const name of ['apiserver-1', 'apiserver-2']) Object.assign(memberOf(world, name), { release: young, emulate });
  };

  it('are never newer than what any apiserver behaves as', () => {
    const id = 'k8s.controllers-not-newer-than-apiservers';
    expect(verdict(id, 'scheduler-1', as(young))).toBe('scheduler-1');
    expect(verdict(id, 'scheduler-1', as(young), { world: apiservers('1.36') })).toBe('scheduler-1');
    expect(verdict(id, 'scheduler-1', as(young), { world: apiservers(null) })).toBe('may');
  });

  it('keep an apiserver from behaving as an older one while they are newer, or as one two minors newer', () => {
    const id = 'k8s.controllers-not-newer-than-apiservers';
    const all = (world: World) => {
      for (const member of world.members) if (member.spec.component !== 'etcd') member.release = young;
    };
    expect(verdict(id, 'apiserver-1', emulating, { world: all })).toBe('controller-manager-1');
    expect(verdict(id, 'apiserver-1', emulating)).toBe('may');
    const behind = (world: World) => {
      memberOf(world, 'scheduler-2').release = older;
    };
    expect(verdict(id, 'apiserver-1', as(young), { world: behind })).toBe('apiserver-1');
  });

  it('go with the leader last, and only while another could take over', () => {
    const id = 'k8s.controller-leader-last';
    expect(verdict(id, 'scheduler-2', as(young))).toBe('may');
    expect(verdict(id, 'scheduler-1', as(young))).toBe('scheduler-1');
    const standby = (world: World) => {
      memberOf(world, 'scheduler-2').release = young;
    };
    expect(verdict(id, 'scheduler-1', as(young), { world: standby })).toBe('may');
    expect(verdict(id, 'scheduler-1', as(young), down('scheduler-2'))).toBe('scheduler-2');
    expect(verdict(id, 'scheduler-1', as(young), { size: { controllers: 1 } })).toBe('may');
  });
});

describe('etcd', () => {
  const next = as({ version: '3.6.16', build: null });

  it('keeps its majority: every other member is healthy when one goes', () => {
    const id = 'k8s.etcd-quorum-holds';
    expect(verdict(id, 'etcd-2', next)).toBe('may');
    expect(verdict(id, 'etcd-2', next, down('etcd-3'))).toBe('etcd-3');
    expect(verdict(id, 'etcd-3', next, down('etcd-3'))).toBe('may');
    expect(verdict(id, 'etcd-1', next, { size: { etcd: 2 } })).toBe('etcd-1');
    expect(verdict(id, 'etcd-1', next, { size: { etcd: 1 } })).toBe('may');
  });

  it('has its leader moved away first', () => {
    const id = 'k8s.etcd-leader-last';
    expect(verdict(id, 'etcd-1', next)).toBe('etcd-1');
    expect(verdict(id, 'etcd-2', next)).toBe('may');
    expect(verdict(id, 'etcd-1', next, { size: { etcd: 1 } })).toBe('may');
  });

  it('goes one minor at a time', () => {
    const id = 'k8s.etcd-one-minor-at-a-time';
    expect(verdict(id, 'etcd-2', next, { size: { etcd: 3, etcdVersion: '3.5.35' } })).toBe('may');
    expect(verdict(id, 'etcd-2', next, { size: { etcd: 3, etcdVersion: '3.4.23' } })).toBe('etcd-2');
  });
});

describe('nodes', () => {
  const kubelets = (version: string) => (world: World) => {
    memberOf(world, 'blue-2').release = { version, build: null };
  };

  it('keep apiservers from leaving their reach, in either direction', () => {
    const id = 'k8s.nodes-within-skew';
    expect(verdict(id, 'apiserver-1', emulating)).toBe('may');
    expect(verdict(id, 'apiserver-1', emulating, { world: kubelets('1.33') })).toBe('blue-2');
    expect(verdict(id, 'apiserver-1', emulating, { world: kubelets('1.37') })).toBe('blue-2');
    expect(verdict(id, 'apiserver-1', emulating, { unknowns: ['nodes: HTTP 500'] })).toBe('nodes');
  });

  it('are not lifted past the apiservers, nor left too far behind them', () => {
    const id = 'k8s.nodes-within-skew';
    expect(verdict(id, 'blue-1', as(young))).toBe('blue-1');
    expect(verdict(id, 'blue-1', as(young), { size: { release: young, nodegroups: [aGroup('blue', 3)] } })).toBe('may');
    const ancient = { version: '1.32', build: null };
    expect(verdict(id, 'blue-1', as(ancient))).toBe('blue-1');
  });

  it('leave enough of their group, with the one more in place', () => {
    const id = 'k8s.group-keeps-its-nodes';
    const surge = (world: World) => {
      memberOf(world, 'blue-surge').process = 'running';
    };
    expect(verdict(id, 'blue-1', as(young))).toBe('blue-surge');
    expect(verdict(id, 'blue-1', as(young), { world: surge })).toBe('may');
    const cordoned = (world: World) => {
      surge(world);
      memberOf(world, 'blue-2').cordoned = 'ours';
    };
    expect(verdict(id, 'blue-1', as(young), { world: cordoned })).toBe('blue-2');
    const two = { size: { nodegroups: [aGroup('blue', 3, { maxUnavailable: 2 })] } };
    expect(verdict(id, 'blue-1', as(young), { ...two, world: cordoned })).toBe('may');
  });

  it('are not drained while a budget keeps one of their pods, unless a person has said so', () => {
    const id = 'k8s.budget-allows';
    const budget = (minAvailable: number) => (world: World) => {
      world.pods.push({ name: 'db-1', app: 'db', node: 'blue-1', movingUntilMs: null });
      world.budgets.push({ name: 'db', app: 'db', minAvailable });
    };
    expect(verdict(id, 'blue-1', as(young), { world: budget(0) })).toBe('may');
    expect(verdict(id, 'blue-1', as(young), { world: budget(1) })).toBe('app/db-1');
    expect(verdict(id, 'blue-2', as(young), { world: budget(1) })).toBe('may');
    expect(verdict(id, 'blue-1', as(young), { world: budget(1), acknowledged: ['k8s.force-eviction'] })).toBe('may');
  });
});

describe('judge', () => {
  it('answers with the reason of the first guard that says no', () => {
    expect(judge(contextOf('apiserver-1', emulating, { world: surgeReady }))).toEqual({ may: true });
    expect(judge(contextOf('apiserver-1', as(young), { world: surgeReady }))).toMatchObject({
      may: false,
      because: { code: 'k8s.apiservers-behave-alike' },
    });
  });

  it('has guards with ids that are dotted sentences, each once', () => {
    const ids = guards.map((guard) => guard.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^k8s\.[a-z]+(-[a-z]+)+$/);
  });
});
