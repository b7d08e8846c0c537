/** Every page of the console: its address, and the file that is loaded when somebody goes there. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** What a page gets: the named parts of its address. */
export type PageProps = { readonly params: Readonly<Record<string, string>> };
type Loaded = { readonly default: ComponentType<PageProps> };

export interface Page {
  readonly path: string;
  /** Its place in the navigation; pages of one thing (a cluster, an upgrade) have none. */
  readonly menu?: string;
  readonly show: LazyExoticComponent<ComponentType<PageProps>>;
  /** Begins to load it before it is asked for. */
  readonly load: () => Promise<Loaded>;
}

function page(path: string, load: () => Promise<Loaded>, menu?: string): Page {
  return { path, load, show: lazy(load), ...(menu === undefined ? {} : { menu }) };
}

export const pages: readonly Page[] = [
  page('/', () => import('../pages/overview/index.tsx'), 'Overview'),
  page('/releases', () => import('../pages/releases/index.tsx'), 'Releases'),
  page('/keys', () => import('../pages/keys/index.tsx'), 'Keys'),
  page('/audit', () => import('../pages/audit/index.tsx'), 'Audit'),
  page('/clusters/:clusterId', () => import('../pages/cluster/index.tsx')),
  page('/clusters/:clusterId/plan', () => import('../pages/plan/index.tsx')),
  page('/upgrades/:upgradeId', () => import('../pages/upgrade/index.tsx')),
  page('/upgrades/:upgradeId/report', () => import('../pages/report/index.tsx')),
];
