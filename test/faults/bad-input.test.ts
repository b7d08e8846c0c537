import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/faces/aliyun/routes.ts';
import { type Raw, sendRaw } from '../faces/aliyun/v1-request.ts';
import { Lab, type LabCluster } from './lab.ts';

let lab: Lab;
let cluster: LabCluster;
beforeAll(async () => {
  lab = await Lab.open('bad input');
  cluster = await lab.addCluster('bad', {}, false);
});
afterAll(() => lab?.close());

const runs = 400;
/** A quick machine sends more than a key may: a request that was throttled has thrown nothing at anything. */
const throttledAttempts = 50;
const throttledPauseMs = 50;
const nul = '\0';
const halfPair = '\ud800';

/** What databases, parsers and string functions stumble over. */
const odd = fc.constantFrom(
  nul,
  '%',
  '[',
  '[null]',
  '["\\u0000"]',
  '["\\ud800"]',
  '{"toString":1}',
  '[{"tagKey":"\\u0000","tagValue":"x"}]',
  '-1',
  '99999999999999999999',
  'x'.repeat(3_000),
);
const names = ['tags', 'Tags', 'ResourceIds', 'TagKeys', 'All', 'page', 'size', 'clientToken', 'description', 'esVersion'];
const moreNames = ['version', 'type', 'plugins', 'actionNames', 'startTime', 'requestId', 'X-Request-ChangeId', 'nodeAmount'];
const name = fc.constantFrom(...names, ...moreNames, '__proto__');
const query = fc
  .array(fc.tuple(name, fc.oneof(odd, fc.string())))
  .map((pairs) => pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&'));
const value = fc.oneof(odd, fc.jsonValue({ maxDepth: 2 }), fc.constant([{ key: nul, value: halfPair }]));
const body = fc.oneof(
  fc.dictionary(name, value).map((members) => JSON.stringify(members)),
  fc.constantFrom('', '[', '[]', 'null', '{"description":"\\u0000"}', '{"description":"\\udfff"}', 'a=%zz'),
  fc.string({ unit: 'binary' }),
);

async function send(raw: Raw): ReturnType<typeof sendRaw> {
  for (let attempt = 1; ; attempt += 1) {
    const answered = await sendRaw(lab.server, raw);
    if (answered.status !== 429 || attempt === throttledAttempts) return answered;
    await pause(throttledPauseMs);
  }
}

describe('bad input to a real server on a real database', () => {
  it('is never a 5xx, and neither starts, names nor tags anything', async () => {
    const id = fc.constantFrom(cluster.id, cluster.id, '%00', 'x'.repeat(3_000), "a'b", 'es%0a', '%F0%9F%98%80', '%zz');
    // What these would do with good input is to be done.
    const asking = routes.filter((route) => !['DeleteInstance', 'CreateSnapshot', 'UpdateDescription'].includes(route.name));
    const writing = routes.filter((route) => route.name === 'UpdateDescription');
    const before = await lab.native.ask('GET', `/clusters/${cluster.id}`);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...asking), id, query, body, async (route, instance, sentQuery, sentBody) => {
        const path = `/openapi${route.path.replace('{InstanceId}', instance)}`;
        const { status, text } = await send({ method: route.method, path, query: sentQuery, body: sentBody });
        expect(status, text).toBeLessThan(500);
        expect(JSON.parse(text)).toMatchObject({ RequestId: expect.any(String) });
        if (status !== 200) expect(JSON.parse(text)).toMatchObject({ Code: expect.any(String), Message: expect.any(String) });
      }),
      { numRuns: runs },
    );
    for (const route of writing)
      for (const sentBody of ['{"description":"\\u0000"}', '{"description":"\\udfff"}', '{"description":["x"]}', '[', '{}']) {
        const path = `/openapi${route.path.replace('{InstanceId}', cluster.id)}`;
        const { status } = await send({ method: route.method, path, query: '', body: sentBody });
        expect(status, sentBody).toBe(400);
      }
    expect(await lab.native.ask('GET', `/clusters/${cluster.id}`)).toEqual(before);
    expect(await lab.native.ask('GET', `/upgrades?clusterId=${cluster.id}`)).toMatchObject({ upgrades: [] });
    expect(lab.launchesOf(cluster)).toEqual([]);
  });
});
