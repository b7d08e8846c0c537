/** For each face: its operations, what a good request to it is, and who signs how. */
import { notOfferedRoutes } from '../../src/faces/eks/not-offered.ts';
import { aliyunOperations } from './aliyun-model.ts';
import type { Encoding } from './build.ts';
import { chanceOf } from './chance.ts';
import { eksOperations } from './eks-model.ts';
import { type Good, goodValues, type Known } from './good-values.ts';
import { type Operation, type Target, targetsOf } from './model.ts';
import { nativeOperations } from './native-model.ts';
import { aliyunSignature, basic, type Key, type Sign, sigV4 } from './sign.ts';
import { serviceOf, stsOperations } from './sts-model.ts';

export const faceNames = ['aliyun', 'eks', 'native', 'sts'] as const;
export type FaceName = (typeof faceNames)[number];

export interface Suite {
  readonly face: FaceName;
  readonly seed: number;
  readonly host: string;
  /** Taken in turn, so that none is throttled. */
  readonly keys: readonly Key[];
  /** In the order in which they are gone through; what is offered comes more often than what is not. */
  readonly targets: readonly Target[];
  readonly good: Good;
  readonly sign: Sign;
  readonly encodings: readonly Encoding[];
  /** Where bytes that are no request go. */
  readonly path: string;
}

export interface Asked {
  readonly host: string;
  readonly keys: readonly Key[];
  readonly known: Known;
}

export const region = 'eu-central-1';
const notOffered = new Set(notOfferedRoutes.map(({ name }) => name));
const timesOffered = 3;
const timesAsAWhole = 4;

export async function suiteOf(face: FaceName, seed: number, { host, keys, known }: Asked): Promise<Suite> {
  const made = { face, seed, host, keys, good: goodValues(face, known) };
  switch (face) {
    case 'aliyun': {
      const encodings = ['json', 'json', 'json in a form', 'form'] as const;
      return {
        ...made,
        targets: inOrder(await aliyunOperations(), seed),
        sign: aliyunSignature,
        encodings,
        path: '/openapi/instances',
      };
    }
    case 'eks':
      return {
        ...made,
        targets: inOrder(eksOperations(), seed),
        sign: sigV4(() => 'eks', region),
        encodings: ['json'],
        path: '/clusters',
      };
    case 'native':
      return {
        ...made,
        targets: inOrder(nativeOperations('/api/v1'), seed),
        sign: basic,
        encodings: ['json'],
        path: '/api/v1/clusters',
      };
    case 'sts':
      return { ...made, targets: inOrder(stsOperations(), seed), sign: sigV4(serviceOf, region), encodings: ['form'], path: '/' };
  }
}

/** Every target of every operation, in an order of this seed. */
function inOrder(operations: readonly Operation[], seed: number): readonly Target[] {
  const chance = chanceOf(seed, 'the order', 0);
  return targetsOf(operations)
    .flatMap((target) => {
      const times = (notOffered.has(target.operation.name) ? 1 : timesOffered) * (target.field === null ? timesAsAWhole : 1);
      return Array.from({ length: times }, () => ({ target, at: chance.below(2 ** 30) }));
    })
    .sort((a, b) => a.at - b.at)
    .map(({ target }) => target);
}
