import { describe, expect, it } from 'vitest';
import { parseWatermark, standingOf } from './disk.ts';
import { anIndex, ask, findingsIn, subjectsOf } from './testing.ts';

const GiB = 1024 ** 3;
const none = { low: null, high: null };
const marks = (low: string, high: string, headroom: { low: string | null; high: string | null } = none) => ({
  enabled: true,
  low,
  high,
  flood: null,
  headroom,
});

describe('watermarks', () => {
  it('are percentages and ratios of what is used, and sizes of what is free', () => {
    expect(parseWatermark('85%')).toEqual({ usedPercent: 85 });
    expect(parseWatermark('92.5%')).toEqual({ usedPercent: 92.5 });
    expect(parseWatermark('0.85')).toEqual({ usedPercent: 85 });
    expect(parseWatermark('50gb')).toEqual({ freeBytes: 50 * GiB });
    expect(parseWatermark('512MB')).toEqual({ freeBytes: 512 * 1024 ** 2 });
    expect(parseWatermark('100')).toBeNull();
    expect(parseWatermark('much')).toBeNull();
  });

  it.each([
    ['below', marks('85%', '90%'), 84, 500],
    ['over-low', marks('85%', '90%'), 86, 500],
    ['over-high', marks('85%', '90%'), 91, 500],
    ['over-low', marks('0.85', '0.9'), 86, 500],
    ['below', marks('100gb', '50gb'), 99, 101],
    ['over-low', marks('100gb', '50gb'), 10, 99],
    ['over-high', marks('100gb', '50gb'), 10, 49],
    // A large disk: more than enough is free although the percentage says full.
    ['below', marks('85%', '90%', { low: '200gb', high: '150gb' }), 95, 201],
    ['over-low', marks('85%', '90%', { low: '200gb', high: '150gb' }), 95, 199],
    ['over-high', marks('85%', '90%', { low: '200gb', high: '150gb' }), 95, 149],
    ['unknown', marks('much', '90%'), 86, 500],
  ] as const)('say %s for %o at %d %% used and %d GiB free', (standing, watermarks, usedPercent, freeGiB) => {
    expect(standingOf({ usedPercent, freeBytes: freeGiB * GiB }, watermarks)).toBe(standing);
  });
});

describe('room for shards', () => {
  it('is a hazard over the high watermark and a matter of policy over the low one, with figures', () => {
    const full = ask('es.room-for-shards', { size: 1, node: { diskUsedPercent: 91.25, diskFreeBytes: 3 * GiB } });
    expect(findingsIn(full)).toMatchObject([{ kind: 'hazard', subject: 'node n1', evidence: ['91.3 % used, 3.0 GiB free'] }]);
  });

  it('names each index that a full disk has blocked, even where watermarks are switched off', () => {
    const indices = [
      anIndex('fine'),
      anIndex('blocked', { blocks: ['12'] }),
      anIndex('set', { settings: { 'index.blocks.read_only_allow_delete': 'true' } }),
    ];
    const off = { enabled: false, low: '85%', high: '90%', flood: null, headroom: none };
    expect(subjectsOf(ask('es.room-for-shards', { seen: { indices, watermarks: off } }))).toEqual([
      'hazard index blocked',
      'hazard index set',
    ]);
  });

  it('does not ask nodes that hold no shards', () => {
    expect(ask('es.room-for-shards', { node: { roles: ['master'], diskUsedPercent: 99, diskFreeBytes: 0 } }).kind).toBe('passed');
  });

  it('cannot be told where a watermark cannot be read', () => {
    const watermarks = { ...marks('much', '90%') };
    expect(ask('es.room-for-shards', { seen: { watermarks } }).kind).toBe('could-not-run');
  });
});
