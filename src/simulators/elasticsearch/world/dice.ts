export { newId, seededRandom, varied } from '../../dice.ts';
