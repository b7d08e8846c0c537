import { compareVersions, versionNumbers } from '../../domain/index.ts';

/** `1.36.3` is of the minor `1.36`. */
export function minorOf(version: string): string {
  return versionNumbers(version).slice(0, 2).join('.');
}

/** How many minors `a` is ahead of `b`; negative when behind. Another major is out of every reach. */
export function minorsAhead(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = versionNumbers(a);
  const [majorB = 0, minorB = 0] = versionNumbers(b);
  return majorA === majorB ? minorA - minorB : (majorA - majorB) * Number.POSITIVE_INFINITY;
}

/** How many minors a kubelet may be behind the apiservers: three, two before 1.25. */
export function kubeletReach(kubeletVersion: string): number {
  return compareVersions(kubeletVersion, '1.25') < 0 ? 2 : 3;
}
