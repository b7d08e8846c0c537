import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElasticsearchNodeSpec, ElasticsearchRole, Hop, Observation, SeenElasticsearch } from '../../domain/index.ts';
import { compareVersions } from '../../domain/index.ts';
import { aWorld, nodeSpec, observe, worldCluster } from './decide/testing.ts';
import { paces, waveSeconds } from './pace.ts';
import { planHops, touches } from './plan.ts';
import { waveCandidates } from './waves.ts';

const catalog = { engine: 'elasticsearch', releases: [], edges: [] } as const;

function aHop(from: string, to: string, change: Partial<Hop> = {}): Hop {
  const release = (version: string) => ({ version, build: null });
  return { from: release(from), to: release(to), mode: 'rolling', requires: [], oneWayDoors: [], ...change };
}
const first = aHop('5.5.3', '5.6.16');
const second = aHop('5.6.16', '6.3.2', { oneWayDoors: ['No 5.6.16 node can join again.'] });
const eighth = aHop('7.17.29', '8.19.21', { oneWayDoors: ['No way back for a folder.'], doorsPassedBy: 'each-member' });

/** Three zones of three; the first of each is master-eligible. `b1` is the elected master. */
const nine = ['a', 'b', 'c'].flatMap((zone) =>
  [1, 2, 3].map((number) =>
    nodeSpec(`${zone}${number}`, { zone, roles: number === 1 ? ['master', 'data', 'ingest'] : ['data', 'ingest'] }),
  ),
);

function planned(
  specs: readonly ElasticsearchNodeSpec[],
  route: readonly Hop[],
  options: {
    master: string;
    awareness?: string;
    change?: (seen: Observation<SeenElasticsearch>) => Observation<SeenElasticsearch>;
  },
) {
  const world = aWorld(specs);
  world.master = options.master;
  const cluster = worldCluster(world, { awarenessAttribute: options.awareness ?? null });
  const observation = observe(world);
  return planHops(cluster, catalog, options.change?.(observation) ?? observation, route);
}

describe('a plan', () => {
  const three = ['n1', 'n2', 'n3'].map((name) => nodeSpec(name));

  it('has one part for each hop, with every member in each', () => {
    const hops = planned(three, [first, second], { master: 'n2' });
    expect(hops.map(({ hop, waves }) => [hop.to.version, waves])).toEqual([
      ['5.6.16', [['n1'], ['n3'], ['n2']]],
      ['6.3.2', [['n1'], ['n3'], ['n2']]],
    ]);
  });

  it('leaves out members that the first hop has lifted already, and takes them on the next', () => {
    const lifted = (observation: Observation<SeenElasticsearch>) => ({
      ...observation,
      members: observation.members.map((member) =>
        member.name === 'n1' ? { ...member, running: { version: '5.6.16', build: null } } : member,
      ),
    });
    const hops = planned(three, [first, second], { master: 'n3', change: lifted });
    expect(hops.map(({ waves }) => waves)).toEqual([
      [['n2'], ['n3']],
      [['n1'], ['n2'], ['n3']],
    ]);
  });

  it('takes members that hold data alone before those that vote, and the elected master last', () => {
    const mixed = [
      nodeSpec('m1', { roles: ['master'] }),
      nodeSpec('m2', { roles: ['master'] }),
      nodeSpec('m3', { roles: ['master'] }),
      nodeSpec('d1', { roles: ['data'] }),
      nodeSpec('d10', { roles: ['data'] }),
      nodeSpec('d2', { roles: ['data'] }),
    ];
    const [hop] = planned(mixed, [first], { master: 'm1' });
    expect(hop?.waves.flat()).toEqual(['d1', 'd2', 'd10', 'm2', 'm3', 'm1']);
  });

  it('takes a zone at a time where copies are kept apart by zone, the zone of the elected master last', () => {
    const [hop] = planned(nine, [eighth], { master: 'b1', awareness: 'zone' });
    expect(hop?.waves).toEqual([
      ['a2', 'a3', 'a1'],
      ['c2', 'c3', 'c1'],
      ['b2', 'b3', 'b1'],
    ]);
    expect(planned(nine, [eighth], { master: 'b1' })[0]?.waves).toHaveLength(9);
  });

  it('names the member that passes each door', () => {
    const doors = (hop: Hop) => planned(three, [hop], { master: 'n3' })[0]?.oneWayDoors;
    expect(doors(second)).toEqual(['No 5.6.16 node can join again. That is passed when n3 is taken.']);
    expect(doors(eighth)).toEqual(['No way back for a folder. Each member passes that for itself, n1 first and n3 last.']);
  });

  it('estimates each hop by the version that it starts, a zone together sooner than its members one by one', () => {
    const seconds = (hop: Hop, awareness?: string) =>
      planned(nine, [hop], { master: 'b1', ...(awareness === undefined ? {} : { awareness }) })[0]?.estimateSeconds;
    expect(seconds(first)).toBe(9 * 9);
    expect(seconds(eighth)).toBe(9 * 20);
    expect(seconds(eighth, 'zone')).toBe(3 * (20 + 2 * 6));
  });
});

describe('the table of paces', () => {
  it('goes from the newest version to the oldest, and has a row for every version', () => {
    const since = paces.map((pace) => pace.since);
    expect(since).toEqual([...since].sort((a, b) => compareVersions(b, a)));
    for (const version of ['1.0.0', '5.6.16', '6.3.2', '6.7.0', '7.17.29', '8.19.21', '9.2.8', '12.0.0'])
      expect(waveSeconds(version, 1)).toBeGreaterThan(0);
  });

  it('gives no time to a wave of nobody', () => {
    expect(waveSeconds('8.19.21', 0)).toBe(0);
  });
});

describe('what is touched', () => {
  it('names every release, the settings that change for a while, the hooks and the files that are written', () => {
    const world = aWorld([nodeSpec('n1'), nodeSpec('n2', { settingsFileOwner: 'owner' })]);
    const said = touches(worldCluster(world, { hooks: { preStop: ['leave'], postStart: null } }), [first, second]).join('\n');
    for (const part of [
      'at 5.6.16',
      'at 6.3.2',
      'allocation.enable',
      'rebalance.enable',
      'pre-stop hook',
      'elasticsearch.yml of n1 ',
    ])
      expect(said).toContain(part);
    expect(said).not.toContain('post-start');
    expect(said).not.toContain('elasticsearch.yml of n1, n2');
  });
});

describe('waves', () => {
  const roles = fc.constantFrom<readonly ElasticsearchRole[]>(['master', 'data'], ['data'], ['master'], ['data', 'ingest']);
  const member = fc.record({ roles, zone: fc.constantFrom('a', 'b', 'c', null) });
  const world = fc.record({
    members: fc.array(member, { minLength: 1, maxLength: 12 }),
    elected: fc.nat(),
    awareness: fc.constantFrom('zone', null),
  });

  it('take each member once, never two that vote, never a quorum, and the elected master in the last', () => {
    fc.assert(
      fc.property(world, ({ members, elected, awareness }) => {
        const specs = members.map(({ roles: held, zone }, index) => nodeSpec(`n${index + 1}`, { roles: held, zone }));
        const masters = specs.filter((spec) => spec.roles.includes('master'));
        const master = masters.length === 0 ? null : masters[elected % masters.length];
        const waves = waveCandidates(
          specs.map((spec) => ({ spec, elected: spec === master })),
          awareness,
        );
        expect(waves.flatMap((wave) => wave.map(({ spec }) => spec.name)).sort()).toEqual(specs.map((spec) => spec.name).sort());
        for (const wave of waves) {
          const voting = wave.filter(({ spec }) => spec.roles.includes('master')).length;
          expect(voting).toBeLessThanOrEqual(1);
          if (masters.length >= 3) expect(masters.length - voting).toBeGreaterThan(masters.length / 2);
          const zones = new Set(wave.map(({ spec }) => spec.zone));
          if (wave.length > 1) expect([zones.size, zones.has(null), awareness]).toEqual([1, false, 'zone']);
        }
        if (master !== null) expect(waves.at(-1)?.some((taken) => taken.elected)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
