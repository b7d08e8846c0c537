/** An instance behind the face, and UpgradeEngineVersion asked of it, for tests. */
import type { Cluster } from '../../../domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../testing.ts';
import { sampleCluster, sampleId } from '../testing-samples.ts';

export const validateOrder = ['checkClusterHealth', 'checkConfigCompatible', 'checkClusterResource', 'checkClusterSnapshot'];
export const allWell = validateOrder.map((validateType) => ({ validateType, status: 'success', validateResult: [] }));

export interface UpgradeBench {
  readonly world: FakeWorld;
  upgrade(
    query: string,
    body?: object,
    id?: string,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** Named limits pass a hundred times as quickly with `quickly`. */
export async function openBench(cluster: Cluster = sampleCluster(), quickly = false): Promise<UpgradeBench> {
  const world = createFakeWorld(cluster);
  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds / 100));
  const face: ServedFace = await serveFace(world, quickly ? { pause } : {});
  return {
    world,
    close: face.close,
    upgrade: async (query, body = { version: '6.7' }, id = sampleId) => {
      const response = await fetch(`http://${face.endpoint}/openapi/instances/${id}/actions/upgrade-version?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}
