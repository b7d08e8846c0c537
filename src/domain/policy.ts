/** What a public API allows beyond the engine's own rules. A face hands it over; control enforces it. */
export interface FacePolicy {
  /** How many edges of the catalog one start may walk. */
  readonly maxHops: number;
  /** `hold`: a policy finding must be acknowledged before a start. `record`: it is written down and does not hold. */
  readonly policyFindings: 'hold' | 'record';
}

export const nativePolicy: FacePolicy = { maxHops: Number.POSITIVE_INFINITY, policyFindings: 'hold' };
