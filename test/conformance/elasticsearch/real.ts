import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Course, holdCourse } from './course.ts';
import { realSubject } from './subject.ts';

export function holdOnReal(course: Course): void {
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-conformance-'));
  // Members run unprivileged where we are root, and write their snapshots here.
  chmodSync(folder, 0o777);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  holdCourse(course, 'real', () => realSubject(course.from, join(folder, 'snapshots')));
}
