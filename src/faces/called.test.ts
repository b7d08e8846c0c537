import { describe, expect, it } from 'vitest';
import { routes as aliyunRoutes } from './aliyun/routes.ts';
import { onlyLooks } from './called.ts';
import { routes as eksRoutes } from './eks/routes.ts';

describe('the names of operations', () => {
  it.each([
    ['Alibaba Cloud', aliyunRoutes, []],
    // What these two look for does not fit into a query.
    ['EKS', eksRoutes, ['ListInsights', 'DescribeIdentityProviderConfig']],
  ] as const)('tell what only looks at %s from what changes something', (_, routes, looksByPost) => {
    const reading = routes.filter(({ method, name }) => method === 'GET' || (looksByPost as readonly string[]).includes(name));
    const changing = routes.filter((route) => !reading.includes(route));
    expect(reading.length).toBeGreaterThan(5);
    expect(changing.length).toBeGreaterThan(5);
    expect(reading.filter(({ name }) => !onlyLooks(name))).toEqual([]);
    expect(changing.filter(({ name }) => onlyLooks(name))).toEqual([]);
  });
});
