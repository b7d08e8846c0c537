/** What a member can run: a version and a build. `build: null` means stock, or not known to be anything else. */
export interface Release {
  readonly version: string;
  readonly build: string | null;
}

/** An ISO-8601 UTC moment with milliseconds, `2026-11-23T10:00:00.000Z`. Always passed in, never read from a clock here. */
export type Instant = string;

/** The dotted numbers of a version: `6.7.0` is `[6, 7, 0]`. What follows the numbers (`-SNAPSHOT`, `_with_X-Pack`) is ignored. */
export function versionNumbers(version: string): readonly number[] {
  const numbers = /^\d+(\.\d+)*/.exec(version)?.[0] ?? '';
  return numbers === '' ? [] : numbers.split('.').map(Number);
}

/** Negative when `a` is older than `b`, positive when newer, 0 when equal; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = versionNumbers(a);
  const right = versionNumbers(b);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function majorOf(version: string): number {
  return versionNumbers(version)[0] ?? 0;
}

export function sameRelease(a: Release, b: Release): boolean {
  return a.version === b.version && a.build === b.build;
}

/** `6.7.0`, or `6.7.0 (ali1.2.0)` where there is a build. */
export function showRelease(release: Release): string {
  return release.build === null ? release.version : `${release.version} (${release.build})`;
}
