import { compareVersions, majorOf, versionNumbers } from '../../../domain/index.ts';

/** The oldest version that a node of this version shares a cluster with. */
export function wireFloor(version: string): string {
  const major = majorOf(version);
  if (major === 6) return '5.6.0';
  if (major === 7) return compareVersions(version, '7.0.9') <= 0 ? '6.7.0' : '6.8.0';
  if (major === 8) return '7.17.0';
  if (major === 9) return '8.18.0';
  return `${major}.0.0`;
}

export function mayShareACluster(a: string, b: string): boolean {
  const [older, newer] = compareVersions(a, b) <= 0 ? [a, b] : [b, a];
  return compareVersions(older, wireFloor(newer)) >= 0;
}

/** The oldest version in which an index may have been created for this version to open it, as the error texts show it. */
export function indexFloor(version: string): string {
  const major = majorOf(version);
  if (major <= 5) return '2.0.0-beta1';
  if (major === 6) return '5.0.0';
  if (major === 7) return '6.0.0-beta1';
  return `${major - 1}.0.0`;
}

/** `index.version.created`: 5.5.3 is 5050399. From 8.11 on it is a number of its own; here one of the right major. */
export function versionId(version: string): number {
  const [major = 0, minor = 0, patch = 0] = versionNumbers(version);
  if (compareVersions(version, '8.11.0') >= 0) return major * 1_000_000 + 500_000 + minor * 1_000 + patch;
  return major * 1_000_000 + minor * 10_000 + patch * 100 + 99;
}

export function lowestVersion(versions: readonly string[]): string | null {
  return [...versions].sort(compareVersions)[0] ?? null;
}

export function isAtLeast(version: string, floor: string): boolean {
  return compareVersions(version, floor) >= 0;
}
