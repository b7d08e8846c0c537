import { majorOf, type SeenTemplate } from '../../../domain/index.ts';
import { type EsCheck, type EsContext, type Found, hazard, heldAtItsHop, passedUnless, policy } from './check.ts';

/** From 6 on a new index has one mapping type at the most; from 7 on `_default_` is gone and old indices may not have more either. */
const newIndicesSince = 6;
const oldIndicesSince = 7;
const defaultMapping = '_default_';

export const oneMappingType: EsCheck = {
  id: 'es.one-mapping-type',
  asks: 'Has every index and every template one mapping type at the most, as the target needs it?',
  scope: 'every-hop',
  run: (context) => {
    const target = majorOf(context.hop.to.version);
    if (target < newIndicesSince)
      return { kind: 'not-applicable', because: `${context.hop.to.version} still makes indices with several types` };
    return passedUnless([
      ...(target >= oldIndicesSince ? indices(context) : []),
      ...context.seen.templates.flatMap((template) => ofTemplate(template, target, context.hop.to.version)),
    ]);
  },
};

function indices({ seen, hopIndex }: EsContext): readonly Found[] {
  return seen.indices
    .map((index) => ({ index, types: index.mappingTypes.filter((type) => type !== defaultMapping) }))
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
    );
}

/** The lift itself does not mind a template; whoever makes an index from it afterwards does. */
function ofTemplate({ name, mappingTypes }: SeenTemplate, target: number, version: string): readonly Found[] {
  const types = mappingTypes.filter((type) => type !== defaultMapping);
  const wrong = [
    ...(types.length > 1 ? [`the types ${types.join(', ')}`] : []),
    ...(target >= oldIndicesSince && mappingTypes.includes(defaultMapping) ? [`a ${defaultMapping} mapping`] : []),
  ];
  if (wrong.length === 0) return [];
  return [
    policy(
      `template ${name}`,
      `${name} has ${wrong.join(' and ')}, which a new index of ${version} cannot have.`,
      `Put the template ${name} again with one type, and what ${defaultMapping} said in that.`,
    ),
  ];
}
