/** Which release a node group is to run. */
import { catalogRelease, compareVersions, defaultRelease, type Release } from '../../../../domain/index.ts';
import type { FaceParts } from '../../call.ts';
import { type About, type ApiError, fail } from '../../errors.ts';
import { releaseVersion } from '../../translate/update.ts';
import { isOffered } from '../offered.ts';

export interface WantedRelease {
  readonly version?: string | undefined;
  readonly releaseVersion?: string | undefined;
}

/** Kubelets from this version on may be three minors behind an apiserver, older ones two. */
const widerFrom = '1.25';
const behind = { wide: 3, narrow: 2 };

/** Where no version is named, that of the cluster; where no build is, its newest, and for the cluster's own version its own. */
export function wantedRelease(parts: FaceParts, cluster: Release, wanted: WantedRelease, about: About): Release | ApiError {
  const version = wanted.version ?? versionOf(wanted.releaseVersion) ?? cluster.version;
  if (!isOffered(parts, version)) return fail('InvalidParameterException', 'unsupported Kubernetes version', about);
  const release = withBuild(parts, cluster, version, wanted.releaseVersion);
  if (release === null) {
    const says = `Requested release version ${wanted.releaseVersion} is not valid for kubernetes version ${version}.`;
    return fail('InvalidParameterException', says, about);
  }
  return withinSkew(cluster, release, about) ?? release;
}

/** `1.36-eks.3` names its version too. */
function versionOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^(\d+\.\d+)-/.exec(text)?.[1];
}

function withBuild({ catalog }: FaceParts, cluster: Release, version: string, text: string | undefined): Release | null {
  if (text === undefined) return version === cluster.version ? cluster : defaultRelease(catalog, version);
  const build = catalogRelease(catalog, version)?.builds.find(({ id }) => releaseVersion(version, id) === text);
  return build === undefined ? null : { version, build: build.id };
}

function withinSkew(cluster: Release, { version }: Release, about: About): ApiError | null {
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  if (compareVersions(version, cluster.version) > 0)
    return refuse(`A node group cannot run Kubernetes ${version}: its cluster runs ${cluster.version}.`);
  const most = compareVersions(version, widerFrom) < 0 ? behind.narrow : behind.wide;
  if (minorOf(cluster.version) - minorOf(version) <= most) return null;
  return refuse(
    `A node group cannot run Kubernetes ${version}: it may be ${most} minor versions behind its cluster, which runs ${cluster.version}.`,
  );
}

function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}
