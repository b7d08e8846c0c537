import { catalogRelease, type KubernetesCatalog, type Release, versionNumbers } from '../../../domain/index.ts';
import { minorOf } from '../minors.ts';

/** `v1.36.3` and what providers put behind it is `1.36.3`. */
export function patchOf(gitVersion: string): string {
  return versionNumbers(gitVersion.replace(/^v/, '')).slice(0, 3).join('.');
}

/** The release that a patch belongs to; a patch that the catalog does not know is no build of it. */
export function releaseOfPatch(catalog: KubernetesCatalog, patch: string): Release {
  const version = minorOf(patch);
  const build = catalogRelease(catalog, version)?.builds.find((candidate) => candidate.patch === patch);
  return { version, build: build?.id ?? null };
}
