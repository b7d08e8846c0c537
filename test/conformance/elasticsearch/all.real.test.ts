import { allCourses, everyTime } from './course.ts';
import { holdOnReal } from './real.ts';

for (const course of allCourses) if (!everyTime.includes(course)) holdOnReal(course);
