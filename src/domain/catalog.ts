import type { EngineName } from './cluster.ts';
import type { Release } from './release.ts';

/** Where an artefact comes from. What is fetched is checked against its SHA-256. */
export type ArtefactSource =
  | { readonly kind: 'archive'; readonly url: string; readonly sha256: string }
  /** The checksum is published beside it: alone in a file, or in a list with the archive's name. */
  | { readonly kind: 'archive'; readonly url: string; readonly sha256Url: string }
  /** Built on this machine by the project's script (`npm run components`). */
  | { readonly kind: 'component'; readonly name: string }
  | { readonly kind: 'maven'; readonly coordinate: string; readonly sha256: string }
  | { readonly kind: 'folder'; readonly path: string };

/** A bundle over one version: Alibaba calls it a kernel (`ali1.2.0`), EKS a platform version (`eks.3`). */
export interface Build {
  readonly id: string;
  /** Instead of the release's. */
  readonly artefacts?: readonly ArtefactSource[];
}

/** What every engine's catalog says of a version. */
export interface CatalogRelease<B extends Build = Build> {
  readonly version: string;
  /** Tried in order; the first that a host can reach serves. */
  readonly artefacts: readonly ArtefactSource[];
  readonly builds: readonly B[];
  /** What runs where nobody names a build. Absent: the stock release, which has none. */
  readonly defaultBuild?: string;
}

/** A way from one version to another. `rolling`: member by member while serving. `restart`: all members at once. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly mode: 'rolling' | 'restart';
  /** Named conditions of this edge, for people; the checks enforce them. */
  readonly requires: readonly string[];
  /** What cannot be undone once the edge is walked, named before it is passed. */
  readonly oneWayDoors: readonly string[];
  /** The way back of an edge: walked only when the older version is asked for by name, and one edge at a time. */
  readonly back?: true;
  /** Whether each member passes the doors for itself when it is taken, or all do with the last; absent: with the last. */
  readonly doorsPassedBy?: 'each-member' | 'last-member';
}

export interface Catalog<R extends CatalogRelease = CatalogRelease> {
  readonly engine: EngineName;
  readonly releases: readonly R[];
  readonly edges: readonly Edge[];
}

export function catalogRelease<R extends CatalogRelease>(catalog: Catalog<R>, version: string): R | undefined {
  return catalog.releases.find((release) => release.version === version);
}

export function catalogBuild<R extends CatalogRelease>(catalog: Catalog<R>, release: Release): R['builds'][number] | undefined {
  return catalogRelease(catalog, release.version)?.builds.find((build) => build.id === release.build);
}

/** The release that a version means where no build is named. */
export function defaultRelease(catalog: Catalog, version: string): Release {
  return { version, build: catalogRelease(catalog, version)?.defaultBuild ?? null };
}

/** Another version with the build that a release has, where that version has one of that name; else its default one. */
export function withBuildOf(catalog: Catalog, from: Release, version: string): Release {
  const { build } = from;
  const fallback = defaultRelease(catalog, version);
  // Where every version has builds of its own, a name says nothing across versions.
  if (fallback.build !== null) return fallback;
  const keeps = build !== null && catalogBuild(catalog, { version, build }) !== undefined;
  return { version, build: keeps ? build : null };
}
