import type { Catalog, RehearsalJob, RehearsalReport } from '../../domain/index.ts';

/** To the process: what to rehearse, then perhaps that it is enough. Both ends are of one version. */
export type ToRehearsal =
  | { readonly kind: 'rehearse'; readonly job: RehearsalJob; readonly catalog: Catalog }
  | { readonly kind: 'enough' };

export type FromRehearsal =
  | { readonly kind: 'ready' }
  | { readonly kind: 'run'; readonly made: number; readonly of: number }
  | { readonly kind: 'report'; readonly report: RehearsalReport }
  | { readonly kind: 'failed'; readonly because: string };
