import type { Instant } from '../../domain/index.ts';

export function instant(date: Date): Instant {
  return date.toISOString();
}

export function instantOrNull(date: Date | null): Instant | null {
  return date === null ? null : date.toISOString();
}
