/** How long a release is supported, as its dates say; nothing is said where the catalog has no dates. */

export interface Dated {
  readonly releasedAt: string | null;
  readonly endOfStandardSupport: string | null;
  readonly endOfExtendedSupport: string | null;
}

export type Support =
  | { readonly kind: 'not-dated' }
  | { readonly kind: 'to-come'; readonly from: string }
  | { readonly kind: 'standard'; readonly until: string; readonly days: number }
  | { readonly kind: 'extended'; readonly until: string; readonly days: number }
  | { readonly kind: 'ended'; readonly since: string };

const dayMs = 24 * 60 * 60_000;

export function supportOf({ releasedAt, endOfStandardSupport, endOfExtendedSupport }: Dated, nowMs: number): Support {
  if (endOfStandardSupport === null) return { kind: 'not-dated' };
  const daysUntil = (instant: string) => Math.ceil((Date.parse(instant) - nowMs) / dayMs);
  if (releasedAt !== null && Date.parse(releasedAt) > nowMs) return { kind: 'to-come', from: releasedAt };
  if (Date.parse(endOfStandardSupport) > nowMs)
    return { kind: 'standard', until: endOfStandardSupport, days: daysUntil(endOfStandardSupport) };
  const last = endOfExtendedSupport ?? endOfStandardSupport;
  return Date.parse(last) > nowMs ? { kind: 'extended', until: last, days: daysUntil(last) } : { kind: 'ended', since: last };
}
