import { queryOptions } from '@tanstack/react-query';
import { api, type Key } from '../../api/index.ts';

export const keysKey = ['keys'] as const;

export const keysQuery = queryOptions({
  queryKey: keysKey,
  queryFn: async ({ signal }) => (await api.get<{ keys: readonly Key[] }>('/keys', { signal })).keys,
});
