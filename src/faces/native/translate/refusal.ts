/** Expected ends of planning and starting that are errors to the caller. */
import type { PlanResult, StartResult } from '../../../control/index.ts';
import { type Release, type RouteResult, showRelease } from '../../../domain/index.ts';
import { type ApiError, fail, notFound } from '../errors.ts';
import { obstaclesError } from './plan.ts';

export type Refused = Exclude<PlanResult, { kind: 'planned' }> | Exclude<StartResult, { kind: 'started' | 'token-taken' }>;

/** `asked`: what the caller named. */
export function refusal(result: Refused, asked: { readonly clusterId: string; readonly planId: string | null }): ApiError {
  switch (result.kind) {
    case 'not-found':
      return notFound('cluster', asked.clusterId);
    case 'plan-not-found':
      return notFound('plan', asked.planId ?? '');
    case 'plan-outdated':
      return fail('plan-outdated', result.says, { remedy: 'Make a new plan, read it, and start that one.' });
    case 'upgrade-unfinished':
      return unfinished(result.upgrade.id);
    case 'not-ready':
      return fail('not-ready', result.says);
    case 'unreachable':
      return fail('unreachable', `The cluster cannot be reached: ${result.because}`);
    case 'no-route':
      return noRoute(result.from, result.route);
    case 'too-far':
      return fail('no-route', `One step at a time: ${showRelease(result.from)} leads to ${result.next.join(' or ')}.`);
    case 'obstacles':
      return obstaclesError(result.obstacles, asked.planId);
  }
}

export function unfinished(upgradeId: string | null): ApiError {
  return fail('upgrade-unfinished', 'The cluster has an upgrade that has not ended.', {
    remedy: 'Let it end, or cancel it.',
    details: { upgradeId },
  });
}

function noRoute(from: Release, route: Exclude<RouteResult, { kind: 'route' }>): ApiError {
  const details = { because: route.kind, from, ...(route.kind === 'no-path' ? { reachable: route.reachable } : {}) };
  return fail('no-route', routeSays(showRelease(from), route), { details });
}

function routeSays(from: string, route: Exclude<RouteResult, { kind: 'route' }>): string {
  switch (route.kind) {
    case 'already-there':
      return `The cluster runs ${from} already; there is nothing to do.`;
    case 'downgrade':
      return `The cluster runs ${from}; there is no way to an older version.`;
    case 'unknown-version':
      return `Version ${route.version} is not in the catalog.`;
    case 'unknown-build':
      return `Version ${route.version} has no build ${route.build}.`;
    case 'no-path':
      return route.reachable.length === 0
        ? `No way leads on from ${from}.`
        : `No way leads there from ${from}; it leads to ${route.reachable.join(', ')}.`;
  }
}
