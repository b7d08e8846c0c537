import {
  type Catalog,
  catalogRelease,
  compareVersions,
  edgesFrom,
  type Release,
  versionNumbers,
  withBuildOf,
} from '../../../domain/index.ts';
import { shown } from '../text.ts';

export const upgradeTypes = ['engineVersion', 'aliVersion'] as const;
export type UpgradeType = (typeof upgradeTypes)[number];

const suffix = '_with_X-Pack';

/** As instances show it: `6.7.0_with_X-Pack`. */
export function esVersion(release: Release): string {
  return `${release.version}${suffix}`;
}

/** `6.7`, `6.7.0`, `6.7.0_with_X-Pack` to its numbers; null for anything else. */
export function engineNumbers(text: string): string | null {
  return /^(\d{1,3}(?:\.\d{1,3}){1,2})(?:_with_X-Pack)?$/i.exec(text)?.[1] ?? null;
}

/** `ali1.2.0`; null for anything else. */
export function kernelId(text: string): string | null {
  return /^ali\d{1,3}(?:\.\d{1,3}){1,3}$/i.test(text) ? text.toLowerCase() : null;
}

export type TargetResult =
  | { readonly kind: 'target'; readonly to: Release }
  | { readonly kind: 'wrong'; readonly says: string }
  /** A kernel older than the one that runs. */
  | { readonly kind: 'older'; readonly says: string };

/** The release that a request means, given what the instance runs. */
export function targetOf(catalog: Catalog, from: Release, version: string, type: UpgradeType): TargetResult {
  return type === 'aliVersion' ? kernelTarget(catalog, from, version) : engineTarget(catalog, from, version);
}

function kernelTarget(catalog: Catalog, from: Release, version: string): TargetResult {
  const builds = buildsOf(catalog, from.version);
  // UpgradeInfo shows kernels without `ali`, so what it shows is understood.
  const build = kernelId(version) ?? builds.find((id) => id === `ali${version}`);
  if (build === undefined)
    return wrong(`With type aliVersion, version is a kernel such as ali1.2.0; "${shown(version)}" is none.`);
  if (!builds.includes(build)) {
    const known = builds.length === 0 ? 'none is known' : `there are ${builds.join(', ')}`;
    return wrong(`Kernel ${build} does not exist for version ${from.version}: ${known}.`);
  }
  if (from.build !== null && compareKernels(build, from.build) < 0)
    return { kind: 'older', says: `The instance runs ${from.build}; there is no way to an older kernel.` };
  return { kind: 'target', to: { version: from.version, build } };
}

function buildsOf(catalog: Catalog, version: string): readonly string[] {
  return catalogRelease(catalog, version)?.builds.map((build) => build.id) ?? [];
}

function compareKernels(a: string, b: string): number {
  return compareVersions(a.replace(/^\D+/, ''), b.replace(/^\D+/, ''));
}

function engineTarget(catalog: Catalog, from: Release, text: string): TargetResult {
  if (kernelId(text) !== null) return wrong(`"${shown(text)}" is a kernel: it goes with type aliVersion.`);
  const numbers = engineNumbers(text);
  if (numbers === null) return wrong(`"${shown(text)}" is not a version such as 6.7 or 6.7.0_with_X-Pack.`);
  const version = fullVersion(catalog, from, numbers);
  if (version === null) {
    const known = catalog.releases.map((release) => release.version).join(', ');
    return wrong(`Version ${numbers} is not known here. Known are ${known}.`);
  }
  // An engine step does not touch the kernel, unless the version has none of that name.
  return { kind: 'target', to: version === from.version ? from : withBuildOf(catalog, from, version) };
}

/** The short form means the release of that minor that the instance runs, else the next one on its way, else the newest. */
function fullVersion(catalog: Catalog, from: Release, numbers: string): string | null {
  const parts = versionNumbers(numbers);
  if (parts.length === 3) return catalogRelease(catalog, numbers)?.version ?? null;
  const fits = (version: string) => versionNumbers(version).slice(0, 2).join('.') === parts.join('.');
  if (fits(from.version)) return from.version;
  const next = catalog.edges.filter((edge) => edge.from === from.version && fits(edge.to)).map((edge) => edge.to);
  const all = catalog.releases.map((release) => release.version).filter(fits);
  return [...(next.length > 0 ? next : all)].sort(compareVersions).at(-1) ?? null;
}

/** Where one step from a release may lead, nearest first. */
export function nextVersions(catalog: Catalog, from: Release): readonly string[] {
  return edgesFrom(catalog, from.version).map((edge) => edge.to);
}

/** The nearest step from a release, or undefined at the end of the path. */
export function nextVersion(catalog: Catalog, from: Release): string | undefined {
  return nextVersions(catalog, from)[0];
}

/** The newest kernel of the version that an instance runs, where it is newer than the one it has. */
export function nextKernel(catalog: Catalog, from: Release): string | undefined {
  const newest = [...buildsOf(catalog, from.version)].sort(compareKernels).at(-1);
  if (newest === undefined || from.build === null) return newest;
  return compareKernels(newest, from.build) > 0 ? newest : undefined;
}

function wrong(says: string): TargetResult {
  return { kind: 'wrong', says };
}
