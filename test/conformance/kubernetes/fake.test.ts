import { seedOfRun } from '../../rig/seed.ts';
import { holdCourse } from './course.ts';
import { fakeSubject } from './subject.ts';

const seed = seedOfRun('the fake of Kubernetes');

holdCourse('fake', () => fakeSubject(seed));
