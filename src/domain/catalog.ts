import type { EngineName } from './cluster.ts';
import type { Release } from './release.ts';

/** Where an artefact comes from. All three are checked against `sha256` where it is given (a folder has none). */
export type ArtefactSource =
  | { readonly kind: 'archive'; readonly url: string; readonly sha256: string }
  | { readonly kind: 'maven'; readonly coordinate: string; readonly sha256: string }
  | { readonly kind: 'folder'; readonly path: string };

/** A bundle over one version: what a provider calls a kernel (`ali1.2.0`). */
export interface Build {
  readonly id: string;
  readonly jvmOptions: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** Plugins that its artefact brings: a build with plugins has an artefact of its own. */
  readonly plugins: readonly string[];
  /** Instead of the release's. */
  readonly artefacts?: readonly ArtefactSource[];
}

/** What an artefact holds, where that differs between the distributions of one version. */
export interface Distribution {
  readonly flavor: 'oss' | 'default';
  readonly modules: readonly string[];
}

export interface CatalogRelease {
  readonly version: string;
  /** Inclusive range of Java feature versions that it starts on; null when it brings its own runtime. */
  readonly java: { readonly min: number; readonly max: number } | null;
  /** Tried in order; the first that a host can reach serves. */
  readonly artefacts: readonly ArtefactSource[];
  readonly builds: readonly Build[];
  /** Settings that this version no longer knows: exact names, or a prefix ending in `*`. */
  readonly removedSettings: readonly string[];
  /** Plugins that its artefacts bring, nothing is installed beside them; `null` means the catalog does not say. */
  readonly plugins: readonly string[] | null;
  /** Absent: the catalog does not say. */
  readonly distribution?: Distribution;
  /** The oldest major in which an index may have been created for this version to open it. */
  readonly oldestIndexMajor: number;
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
  /** Whether each member passes the doors for itself when it is taken, or all do with the last; absent: with the last. */
  readonly doorsPassedBy?: 'each-member' | 'last-member';
}

export interface Catalog {
  readonly engine: EngineName;
  readonly releases: readonly CatalogRelease[];
  readonly edges: readonly Edge[];
}

export function catalogRelease(catalog: Catalog, version: string): CatalogRelease | undefined {
  return catalog.releases.find((release) => release.version === version);
}

export function catalogBuild(catalog: Catalog, release: Release): Build | undefined {
  return catalogRelease(catalog, release.version)?.builds.find((build) => build.id === release.build);
}

/** Another version with the build that a release has, where that version has one of that name; else stock. */
export function withBuildOf(catalog: Catalog, from: Release, version: string): Release {
  const { build } = from;
  const keeps = build !== null && catalogBuild(catalog, { version, build }) !== undefined;
  return { version, build: keeps ? build : null };
}
