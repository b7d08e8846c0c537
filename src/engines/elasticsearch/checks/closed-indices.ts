import { type EsCheck, passedUnless, policy } from './check.ts';

export const closedIndices: EsCheck = {
  id: 'es.no-closed-indices',
  asks: 'Are all indices open, so that their copies are watched?',
  scope: 'first-hop',
  run: ({ seen }) =>
    passedUnless(
      seen.indices
        .filter((index) => index.state === 'close')
        .map((index) =>
          policy(
            `index ${index.name}`,
            `${index.name} is closed: its copies are not watched while nodes leave.`,
            `POST /${index.name}/_open, or accept it.`,
          ),
        ),
    ),
};
