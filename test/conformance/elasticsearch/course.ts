import { afterAll, beforeAll, describe, it } from 'vitest';
import { Recorded } from '../recorded.ts';
import { roll } from './roll.ts';
import { sheet } from './sheet.ts';
import type { Situation } from './situation.ts';
import { snapshotSituations } from './snapshots.ts';
import type { Subject } from './subject.ts';

/** A cluster made at one version, and where it is rolled to; null: nowhere. */
export interface Course {
  readonly from: string;
  readonly to: string | null;
  /** The roll alone, without what is asked at rest. */
  readonly rollOnly?: true;
}

/** The courses that are short enough to be held on real clusters every time. */
export const everyTime: readonly Course[] = [{ from: '5.6.16', to: '6.3.2' }];
export const allCourses: readonly Course[] = [
  ...everyTime,
  { from: '5.5.3', to: null },
  { from: '6.7.0', to: null },
  { from: '5.6.16', to: '6.8.23', rollOnly: true },
  { from: '6.3.2', to: '6.8.23' },
  { from: '6.8.23', to: '7.17.29' },
  { from: '7.17.29', to: '8.19.21' },
  { from: '8.19.21', to: '9.2.8' },
  { from: '9.2.8', to: null },
];

function situationsOf({ to, rollOnly }: Course): readonly Situation[] {
  const atRest = rollOnly ? [] : [...sheet, ...snapshotSituations];
  return [...atRest, ...(to === null ? [] : roll(to))];
}

/** One test a situation, in order: each finds what the ones before have left. */
export function holdCourse(course: Course, kind: 'real' | 'fake', make: () => Promise<Subject>): void {
  const { from, to } = course;
  const title = to === null ? `at ${from}` : `at ${from} and rolled to ${to}`;
  describe(`a ${kind} cluster ${title}`, () => {
    const recorded = new Recorded('./elasticsearch', to === null ? from : `${from}-to-${to}`, kind);
    let subject: Subject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.close());
    for (const { name, tell } of situationsOf(course))
      it(`answers as recorded: ${name}`, async () => recorded.holds(name, await tell(subject)));
  });
}
