import { seedOfRun } from '../../rig/seed.ts';
import { allCourses, holdCourse } from './course.ts';
import { fakeSubject } from './subject.ts';

const seed = seedOfRun('the fake of Elasticsearch');

for (const course of allCourses) holdCourse(course, 'fake', () => fakeSubject(course.from, seed));
