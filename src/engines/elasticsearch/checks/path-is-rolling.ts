import { type EsCheck, hazard, passedUnless } from './check.ts';

export const pathIsRolling: EsCheck = {
  id: 'es.path-is-rolling',
  asks: 'Can this hop be walked member by member while the cluster serves?',
  scope: 'every-hop',
  run: ({ hop }) =>
    passedUnless(
      hop.mode === 'rolling'
        ? []
        : [
            hazard(
              'path',
              `${hop.from.version} to ${hop.to.version} needs all members stopped at once.`,
              'Choose a way through versions that can be mixed.',
            ),
          ],
    ),
};
