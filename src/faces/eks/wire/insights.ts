import { Type } from 'typebox';
import { oneOf, shapeOf, Texts } from './shape.ts';

export const categories = ['UPGRADE_READINESS', 'MISCONFIGURATION', 'ROLLBACK_READINESS'] as const;
export const insightStatuses = ['PASSING', 'WARNING', 'ERROR', 'UNKNOWN'] as const;

export const readListInsights = shapeOf(
  Type.Object({
    filter: Type.Optional(
      Type.Object({
        categories: Type.Optional(Type.Array(oneOf(categories))),
        kubernetesVersions: Type.Optional(Texts),
        statuses: Type.Optional(Type.Array(oneOf(insightStatuses))),
      }),
    ),
    maxResults: Type.Optional(Type.Integer()),
    nextToken: Type.Optional(Type.String()),
  }),
);
