import type { SeenWatermarks } from '../../../domain/index.ts';

/** Where a disk stands: its used percentage and its free bytes. */
export interface DiskUse {
  readonly usedPercent: number;
  readonly freeBytes: number;
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1024 ** 4,
  p: 1024 ** 5,
  pb: 1024 ** 5,
};

export type Watermark = { readonly usedPercent: number } | { readonly freeBytes: number };

/** `85%` and `0.85` are of what is used, `50gb` is of what is free; null for what is none of these. */
export function parseWatermark(text: string): Watermark | null {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z%]*)\s*$/i.exec(text) ?? [];
  if (number === '') return null;
  if (unit === '%') return { usedPercent: Number(number) };
  if (unit === '') return Number(number) <= 1 ? { usedPercent: Number(number) * 100 } : null;
  const size = units[unit.toLowerCase()];
  return size === undefined ? null : { freeBytes: Number(number) * size };
}

/** Over: too full. `null` when the watermark cannot be read. */
export function isOver(use: DiskUse, text: string, headroom: string | null): boolean | null {
  const watermark = parseWatermark(text);
  if (watermark === null) return null;
  if ('freeBytes' in watermark) return use.freeBytes < watermark.freeBytes;
  if (use.usedPercent <= watermark.usedPercent) return false;
  const room = headroom === null ? null : parseWatermark(headroom);
  return room === null || !('freeBytes' in room) || use.freeBytes < room.freeBytes;
}

export type Standing = 'below' | 'over-low' | 'over-high' | 'unknown';

export function standingOf(use: DiskUse, { low, high, headroom }: SeenWatermarks): Standing {
  const overHigh = isOver(use, high, headroom.high);
  const overLow = isOver(use, low, headroom.low);
  if (overHigh === true) return 'over-high';
  if (overLow === null || overHigh === null) return 'unknown';
  return overLow ? 'over-low' : 'below';
}
