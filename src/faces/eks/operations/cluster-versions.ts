import { compareVersions, type Instant, type KubernetesRelease } from '../../../domain/index.ts';
import { type Call, type FaceParts, type Json, type Operation, queryValue, queryValues, reply } from '../call.ts';
import { type ApiError, fail, isError } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { seconds } from '../translate/moment.ts';
import { type Support, supportOf } from './offered.ts';

const clusterType = 'eks';

/** The words of the older parameter and member, which the service still answers. */
const olderWords = {
  STANDARD_SUPPORT: 'standard-support',
  EXTENDED_SUPPORT: 'extended-support',
  UNSUPPORTED: 'unsupported',
} as const satisfies Readonly<Record<Support, string>>;
const supports = Object.keys(olderWords) as readonly Support[];

/** Newest first. Versions without support are told only where they are asked for: tools take what is told for supported. */
export const describeClusterVersions: Operation = async (parts, call) => {
  const wanted = filterOf(call);
  if (isError(wanted)) return wanted;
  const now = parts.now();
  const releases = parts.catalog.releases.filter((release) => wanted(parts, release, now));
  const items = [...releases].sort((a, b) => compareVersions(b.version, a.version));
  const request = { maxResults: queryValue(call, 'maxResults'), nextToken: queryValue(call, 'nextToken') };
  const keyOf = ({ version }: KubernetesRelease) => version;
  const page = pageOf(call, request, { items, keyOf, compare: (a, b) => compareVersions(b, a) });
  if (isError(page)) return page;
  return reply({ clusterVersions: page.items.map((release) => versionShape(parts, release, now)), nextToken: page.nextToken });
};

type Filter = (parts: FaceParts, release: KubernetesRelease, now: Instant) => boolean;

function filterOf(call: Call): Filter | ApiError {
  const type = queryValue(call, 'clusterType') || clusterType;
  const versions = queryValues(call, 'clusterVersions').filter((version) => version !== '');
  const defaultOnly = switchOf(call, 'defaultOnly');
  const includeAll = switchOf(call, 'includeAll');
  const support = supportWanted(call);
  if (isError(defaultOnly)) return defaultOnly;
  if (isError(includeAll)) return includeAll;
  if (isError(support)) return support;
  return (parts, release, now) => {
    const has = supportOf(release, now);
    return (
      type === clusterType &&
      (support === null ? includeAll || versions.includes(release.version) || has !== 'UNSUPPORTED' : has === support) &&
      (versions.length === 0 || versions.includes(release.version)) &&
      (!defaultOnly || release.version === parts.defaultVersion)
    );
  };
}

function switchOf(call: Call, name: string): boolean | ApiError {
  const value = (queryValue(call, name) ?? '').toLowerCase();
  if (value !== '' && value !== 'true' && value !== 'false')
    return fail('InvalidParameterException', `${name} must be true or false.`);
  return value === 'true';
}

/** Of `versionStatus`, or of the older `status`. */
function supportWanted(call: Call): Support | null | ApiError {
  const newer = queryValue(call, 'versionStatus') ?? '';
  const older = queryValue(call, 'status') ?? '';
  if (newer === '' && older === '') return null;
  const found = supports.find((support) => (newer === '' ? olderWords[support] === older : support === newer));
  if (found !== undefined && (newer === '' || older === '' || olderWords[found] === older)) return found;
  return fail('InvalidParameterException', `versionStatus must be one of ${supports.join(', ')}.`);
}

function versionShape({ defaultVersion }: FaceParts, release: KubernetesRelease, now: Instant): Json {
  const { version, builds, defaultBuild } = release;
  const support = supportOf(release, now);
  return {
    clusterVersion: version,
    clusterType,
    defaultPlatformVersion: defaultBuild ?? null,
    defaultVersion: version === defaultVersion,
    releaseDate: seconds(release.releasedAt),
    endOfStandardSupportDate: seconds(release.endOfStandardSupport),
    endOfExtendedSupportDate: seconds(release.endOfExtendedSupport),
    status: olderWords[support],
    versionStatus: support,
    kubernetesPatchVersion: builds.find(({ id }) => id === defaultBuild)?.patch ?? null,
    controlPlaneScalingTiers: null,
    controlPlaneComponentConfig: null,
  };
}
