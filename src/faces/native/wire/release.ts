import { Type } from 'typebox';
import { Instant, oneOf, orNull } from './common.ts';

export const ReleasesQuery = Type.Object({
  engine: Type.Optional(oneOf(['elasticsearch', 'kubernetes'])),
});

export const ReleaseList = Type.Object({
  engine: Type.String(),
  releases: Type.Array(
    Type.Object({
      version: Type.String(),
      java: orNull(Type.Object({ min: Type.Integer(), max: Type.Integer() })),
      builds: Type.Array(Type.String()),
      releasedAt: orNull(Instant),
      endOfStandardSupport: orNull(Instant),
      endOfExtendedSupport: orNull(Instant),
      artefacts: Type.Array(oneOf(['archive', 'maven', 'folder', 'component']), {
        description: 'Kinds of source, in the order in which they are tried.',
      }),
    }),
  ),
  edges: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      mode: oneOf(['rolling', 'restart']),
      requires: Type.Array(Type.String()),
      oneWayDoors: Type.Array(Type.String()),
    }),
  ),
});
