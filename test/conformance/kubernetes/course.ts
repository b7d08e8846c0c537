import { afterAll, beforeAll, describe, it } from 'vitest';
import { Recorded } from '../recorded.ts';
import { etcdSituations } from './etcd.ts';
import { evictions } from './evictions.ts';
import { objects } from './objects.ts';
import { selves } from './selves.ts';
import type { Subject } from './subject.ts';

/** Something that the engine may meet, and what is asked about it. */
export interface Situation {
  readonly name: string;
  /** Brings it about and asks; what comes back is compared. */
  readonly tell: (subject: Subject) => Promise<unknown>;
}

/** One test a situation, in order: each finds what the ones before have left. */
export function holdCourse(kind: 'real' | 'fake', make: () => Promise<Subject>): void {
  describe(`a ${kind} control plane of 1.36`, () => {
    const recorded = new Recorded('./kubernetes', '1.36', kind);
    let subject: Subject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.close());
    for (const { name, tell } of [...selves, ...objects, ...evictions, ...etcdSituations])
      it(`answers as recorded: ${name}`, async () => recorded.holds(name, await tell(subject)));
  });
}
