import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes as aliyunRoutes } from '../../src/faces/aliyun/routes.ts';
import { routes as eksRoutes } from '../../src/faces/eks/routes.ts';
import { operations as nativeOperations } from '../../src/faces/native/routes.ts';
import { type FuzzWorld, openFuzzWorld } from './fuzz-world.ts';
import { makeRequest } from './generate.ts';
import { mutationNames } from './mutations.ts';
import { fuzzSession, growthLimitMiB, type Session } from './session.ts';
import { type FaceName, faceNames, suiteOf } from './suites.ts';
import { wholeNames } from './whole-mutations.ts';

/** Each target of a face comes at least once in so many; `npm run fuzz` sends a hundred thousand. */
const requests = { aliyun: 800, eks: 2_000, native: 900, sts: 150 } as const;

let world: FuzzWorld;
let session: Session;
const said: string[] = [];

beforeAll(async () => {
  world = await openFuzzWorld('malformed traffic');
  session = await fuzzSession(world, { requests, say: (line) => said.push(line) });
  console.log(`${said.join('\n')}\n${session.table}`);
}, 280_000);
afterAll(() => world?.close());

const offered: Readonly<Record<FaceName, readonly string[]>> = {
  aliyun: aliyunRoutes.map(({ name }) => name),
  eks: eksRoutes.map(({ name }) => name),
  native: nativeOperations.map(({ id }) => id),
  sts: ['GetCallerIdentity', 'GetUser', 'ListStacks', 'DescribeStacks'],
};

describe('malformed traffic to a running server', () => {
  it('is never answered with a 5xx, never without an answer, and never in a shape that clients do not know', () => {
    expect(session.troubles.join('\n')).toBe('');
  });

  it('is validly signed for nine tenths and more, and all of it was sent', () => {
    for (const { face, statuses } of session.reports) {
      const [signed = 0, ...others] = [statuses.signed, statuses['broken signature']].map((counts) =>
        [...counts.values()].reduce((a, b) => a + b, 0),
      );
      const wanted = requests[face as FaceName];
      expect(signed / wanted, face).toBeGreaterThanOrEqual(0.9);
      expect(signed + others.reduce((a, b) => a + b, 0), face).toBe(wanted - Math.floor(wanted / 25));
    }
  });

  it.each(faceNames)('has something wrong in every operation and in every field of %s', async (face) => {
    const report = session.reports.find((one) => one.face === face);
    const suite = await suiteOf(face, world.lab.seed, world);
    const ids = new Set(suite.targets.map(({ id }) => id));
    expect([...ids].filter((id) => !report?.targets.has(id))).toEqual([]);
    const operations = new Set(suite.targets.map(({ operation }) => operation.name));
    expect(offered[face].filter((name) => !operations.has(name))).toEqual([]);
  });

  it('has everything wrong that can be, somewhere', () => {
    for (const { face, whats } of session.reports.filter(({ face }) => face === 'aliyun' || face === 'eks'))
      expect(
        [...mutationNames, ...wholeNames].filter((what) => !whats.has(`signed: ${what}`)),
        face,
      ).toEqual([]);
  });

  it('leaves the server as it was: it does not grow, and it has lifted the kept cluster afterwards', async () => {
    expect(session.residentMiB.end - session.residentMiB.warm).toBeLessThan(growthLimitMiB);
    const { kept, lab } = world;
    expect(new Set(Object.values(lab.versions(kept)))).toEqual(new Set(['5.6.16']));
  });

  it('is the same for the same seed', async () => {
    const at = new Date('2026-11-25T10:00:00.000Z');
    for (const face of faceNames) {
      const [one, other] = [await suiteOf(face, 7, world), await suiteOf(face, 7, world)];
      const bytes = (suite: typeof one, number: number) => {
        const made = makeRequest(suite, number);
        return made.kind === 'bytes' ? made.sendable.bytes : made.sendable(at).bytes;
      };
      for (let number = 0; number < 200; number += 1)
        expect(bytes(one, number).equals(bytes(other, number)), `${face} ${number}`).toBe(true);
      expect(bytes(one, 3).equals(bytes(await suiteOf(face, 8, world), 3))).toBe(false);
    }
  });
});
