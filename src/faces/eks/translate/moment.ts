import type { Instant } from '../../../domain/index.ts';

/** Seconds since 1970 with milliseconds behind the point: some SDKs take nothing but a number. */
export function seconds(at: Instant): number {
  return Date.parse(at) / 1000;
}
