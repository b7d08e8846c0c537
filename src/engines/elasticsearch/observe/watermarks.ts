import { compareVersions, type SeenWatermarks } from '../../../domain/index.ts';

const prefix = 'cluster.routing.allocation.disk';
/** Flood stages came with 6.0. */
const floodSince = '6.0.0';
/** From here on a watermark that nobody set asks for no more free room than this, however large the disk. */
const headroomSince = '8.5.0';
const headrooms = { low: '200gb', high: '150gb' } as const;

type Settings = Readonly<Record<string, string>>;

/** The watermarks in force: transient over persistent over the node's own file over what the version does by itself. */
export function watermarksOf(effective: Settings, ofNode: Settings, lowestVersion: string): SeenWatermarks {
  const set = (name: string) => effective[`${prefix}.${name}`] ?? ofNode[`${prefix}.${name}`] ?? null;
  const headroom = (stage: 'low' | 'high') => {
    if (compareVersions(lowestVersion, headroomSince) < 0) return null;
    return set(`watermark.${stage}.max_headroom`) ?? (set(`watermark.${stage}`) === null ? headrooms[stage] : null);
  };
  return {
    enabled: set('threshold_enabled') !== 'false',
    low: set('watermark.low') ?? '85%',
    high: set('watermark.high') ?? '90%',
    flood: compareVersions(lowestVersion, floodSince) >= 0 ? (set('watermark.flood_stage') ?? '95%') : null,
    headroom: { low: headroom('low'), high: headroom('high') },
  };
}
