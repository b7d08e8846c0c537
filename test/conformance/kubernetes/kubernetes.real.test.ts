import { holdCourse } from './course.ts';
import { realSubject } from './subject.ts';

holdCourse('real', realSubject);
