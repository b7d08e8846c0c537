import { microTimeAt } from './clock.ts';
import type { Moment, World } from './model.ts';
import { changeObject, makeObject } from './objects.ts';
import { read } from './store.ts';

const leases = 'coordination.k8s.io/leases';

export interface LeaseClaim {
  /** `kube-system`. */
  readonly namespace: string;
  /** `kube-controller-manager`, `kube-scheduler`, a node's name in kube-node-lease. */
  readonly name: string;
  /** `cp-1_<uuid>`. */
  readonly holder: string;
  /** 15 for controllers, 40 for nodes, 3600 for apiservers. */
  readonly durationSeconds: number;
}

/** Takes or renews it. False while somebody else holds it and its time is not over. */
export function acquireLease(world: World, claim: LeaseClaim, moment: Moment): boolean {
  if (!world.etcd.quorum || world.etcd.noSpace) return false;
  const renewTime = microTimeAt(world, moment.nowMs);
  const { namespace, name, holder, durationSeconds } = claim;
  const found = read(world, leases, namespace, name);
  const spec = { holderIdentity: holder, leaseDurationSeconds: durationSeconds, renewTime };
  if (found === undefined) {
    const object = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec: { ...spec, acquireTime: renewTime, leaseTransitions: 0 },
    };
    makeObject(world, leases, object, moment);
    return true;
  }
  const held = found.object.spec as LeaseSpec;
  const mine = held.holderIdentity === holder;
  if (!mine && held.holderIdentity && moment.nowMs < expiryMs(world, held)) return false;
  const taken = mine ? {} : { acquireTime: renewTime, leaseTransitions: (held.leaseTransitions ?? 0) + 1 };
  changeObject(world, found, { ...found.object, spec: { ...held, ...spec, ...taken } });
  return true;
}

/** Gives it back; somebody else may take it at once. */
export function releaseLease(world: World, namespace: string, name: string, holder: string): void {
  const found = read(world, leases, namespace, name);
  if (found === undefined || !world.etcd.quorum) return;
  const held = found.object.spec as LeaseSpec;
  if (held.holderIdentity !== holder) return;
  changeObject(world, found, { ...found.object, spec: { ...held, holderIdentity: '', leaseDurationSeconds: 1 } });
}

/** Null: nobody, or its time is over. */
export function leaseHolder(world: World, namespace: string, name: string, nowMs: number): string | null {
  const spec = read(world, leases, namespace, name)?.object.spec as LeaseSpec | undefined;
  if (spec?.holderIdentity === undefined || spec.holderIdentity === '') return null;
  return nowMs < expiryMs(world, spec) ? spec.holderIdentity : null;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

function expiryMs(world: World, { renewTime = '', leaseDurationSeconds = 0 }: LeaseSpec): number {
  const renewed = Date.parse(renewTime);
  return Number.isNaN(renewed) ? 0 : renewed - world.epochMs + leaseDurationSeconds * 1_000;
}
