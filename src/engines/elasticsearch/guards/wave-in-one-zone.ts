import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, namesOf } from './guard.ts';

/** Several members go together only inside one zone, and only where copies are kept apart by zone. */
export const waveInOneZone: Guard = {
  id: 'es.wave-in-one-zone',
  judge: ({ wave, awarenessAttribute }) => {
    if (wave.length < 2) return may;
    const zones = new Set(wave.map((member) => member.spec.zone));
    if (awarenessAttribute !== null && zones.size === 1 && !zones.has(null)) return may;
    return mayNot(
      'es.wave-in-one-zone',
      namesOf(wave),
      `${namesOf(wave)} are not of one zone that copies are kept apart by.`,
      'A wave of one.',
    );
  },
};
