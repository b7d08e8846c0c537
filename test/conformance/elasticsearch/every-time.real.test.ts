import { everyTime } from './course.ts';
import { holdOnReal } from './real.ts';

for (const course of everyTime) holdOnReal(course);
