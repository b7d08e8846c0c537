import { catalogRelease, type Instant, type KubernetesRelease } from '../../../domain/index.ts';
import type { FaceParts } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';

export type Support = 'STANDARD_SUPPORT' | 'EXTENDED_SUPPORT' | 'UNSUPPORTED';

export function supportOf(release: KubernetesRelease, now: Instant): Support {
  if (now < release.endOfStandardSupport) return 'STANDARD_SUPPORT';
  return now < release.endOfExtendedSupport ? 'EXTENDED_SUPPORT' : 'UNSUPPORTED';
}

/** Minors only: a patch release is chosen by its platform version. */
export function isOffered({ catalog, now }: FaceParts, version: string): boolean {
  const release = catalogRelease(catalog, version);
  return release !== undefined && supportOf(release, now()) !== 'UNSUPPORTED';
}

/** The service's own words, lower case and without the version. */
export function unsupportedVersion(clusterName: string): ApiError {
  return fail('InvalidParameterException', 'unsupported Kubernetes version', { clusterName });
}
