import { majorOf } from '../../../domain/index.ts';
import { type EsCheck, hazard, heldAtItsHop, passedUnless } from './check.ts';

export const oneMappingType: EsCheck = {
  id: 'es.one-mapping-type',
  asks: 'Has every index one mapping type at the most, as the target needs it?',
  scope: 'every-hop',
  run: ({ seen, hop, hopIndex }) => {
    if (majorOf(hop.to.version) < 7)
      return { kind: 'not-applicable', because: `${hop.to.version} still opens indices with several types` };
    return passedUnless(
      seen.indices
        .map((index) => ({ index, types: index.mappingTypes.filter((type) => type !== '_default_') }))
        .filter(({ types }) => types.length > 1)
        .map(({ index, types }) =>
          heldAtItsHop(
            hopIndex,
            hazard(
              `index ${index.name}`,
              `${index.name} has the types ${types.join(', ')}.`,
              'Copy each type into an index of its own before this hop.',
            ),
          ),
        ),
    );
  },
};
