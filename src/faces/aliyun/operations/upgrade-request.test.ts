import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBody } from '../body.ts';
import type { Call } from '../call.ts';
import { queryPairs } from '../query.ts';
import { createFakeWorld, sampleCaller } from '../testing.ts';
import { sampleCatalog, sampleCluster, sampleId } from '../testing-samples.ts';
import { upgradeEngineVersion } from './upgrade-engine-version.ts';
import { readUpgradeRequest } from './upgrade-request.ts';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** A request as the face reads it; null where reading alone refuses it. */
function callOf(query: string, body: string, contentType: string): Call | null {
  const pairs = queryPairs(query);
  const read = readBody(contentType, Buffer.from(body));
  if (pairs === null || read.kind === 'unreadable') return null;
  return { caller: sampleCaller, path: { InstanceId: sampleId }, query: pairs, body: read.body, headers: {} };
}

function read(query: string, body: string, contentType = json) {
  const call = callOf(query, body, contentType);
  if (call === null) return 'unreadable';
  const request = readUpgradeRequest(call);
  return 'kind' in request ? request.code : request;
}

describe('dryRun', () => {
  it.each([
    ['dryRun=true', '{"version":"6.7"}', json],
    ['dryRun=True', '{"version":"6.7"}', json],
    ['DRYRUN=TRUE', '{"version":"6.7"}', json],
    ['dry_run=true', '{"version":"6.7"}', json],
    ['dryRun=true&dryRun=TRUE', '{"version":"6.7"}', json],
    ['', '{"version":"6.7","dryRun":true}', json],
    ['', '{"version":"6.7","DryRun":"True"}', json],
    ['', '{"version":"6.7","upgrade":{"dryRun":true}}', json],
    ['', '{"version":"6.7","dry\\u0052un":true}', json],
    ['', 'version=6.7&dryRun=True', form],
    ['', 'version=6.7&dryRun=True', 'text/plain'],
    ['', 'body=%7B%22version%22%3A%226.7%22%2C%22dryRun%22%3Atrue%7D', form],
    ['', 'dryRun=true&body=%7B%22version%22%3A%226.7%22%7D', form],
    ['dryRun=true', 'body=%7B%22version%22%3A%226.7%22%2C%22dryRun%22%3Atrue%7D', form],
  ])('is seen in "%s" with %s (%s)', (query, body, contentType) => {
    expect(read(query, body, contentType)).toMatchObject({ dryRun: true, version: '6.7' });
  });

  it.each([
    ['', '{"version":"6.7"}'],
    ['dryRun=false', '{"version":"6.7"}'],
    ['DryRun=False', '{"version":"6.7","dryRun":false}'],
  ])('is not meant by "%s" with %s', (query, body) => {
    expect(read(query, body)).toMatchObject({ dryRun: false, version: '6.7' });
  });

  it.each([
    ['dryRun=1', '{}'],
    ['dryRun=yes', '{}'],
    ['dryRun=', '{}'],
    ['dryRun', '{}'],
    ['dryRun=+true', '{}'],
    ['dryRun=true&dryRun=false', '{}'],
    ['dryRun=false', '{"dryRun":true}'],
    ['', '{"dryRun":1}'],
    ['', '{"dryRun":null}'],
    ['', '{"dryRun":[false]}'],
    ['', '{"dryRun":{}}'],
    ['', '{"a":{"dryRun":false},"b":{"dryRun":true}}'],
    ['dryRun%3Dtrue', '{}'],
    ['dryRun[]=1', '{}'],
    ['clientToken=a?dryRun=true', '{}'],
    ['clientToken=a;dryRun=true', '{}'],
    ['', '{"body":"{\\"dryRun\\":true}"}'],
    ['', '{"body":"dryRun=true"}'],
  ])('refuses "%s" with %s', (query, body) => {
    expect(read(query, body.replace('{', '{"version":"6.7",').replace(',}', '}'))).toBe('InvalidParameter');
  });

  it('refuses a body that says both, although JSON and forms have an answer to that', () => {
    expect(read('', '{"version":"6.7","dryRun":true,"dryRun":false}')).toBe('unreadable');
    expect(read('', 'version=6.7&dryRun=true&dryRun=false', form)).toBe('unreadable');
    expect(read('', '{"version":"6.7","a":{"dryRun":true,"dryRun":false}}')).toBe('InvalidParameter');
  });

  it('leaves a token alone that only has the word in it', () => {
    expect(read('clientToken=dryrun-2026-11-22', '{"version":"6.7"}')).toMatchObject({
      dryRun: false,
      clientToken: 'dryrun-2026-11-22',
    });
  });
});

describe('the rest of the request', () => {
  it('is refused where two values are given for one name', () => {
    expect(read('', '{"version":"6.3","version":"6.7"}')).toBe('unreadable');
    expect(read('', 'version=6.3&version=6.7', form)).toBe('unreadable');
  });

  it.each([
    ['', '{"version":6.7}'],
    ['', '{"version":["6.7"]}'],
    ['', '{"type":"engineversion"}'],
    ['', '{"type":7}'],
    ['', '["6.7"]'],
    ['', '{"plugins":"analysis-ik"}'],
    ['updateStrategy=fast', '{}'],
    [`clientToken=${'x'.repeat(65)}`, '{}'],
    ['clientToken=%C3%A4', '{}'],
    ['clientToken=%0a', '{}'],
  ])('refuses "%s" with %s', (query, body) => {
    expect(read(query, body)).toBe('InvalidParameter');
  });

  it.each([
    ['', '{"version":'],
    ['', '"6.7"'],
    ['', 'true'],
    ['', '{"version":"6.7\\u0000"}'],
    ['', '{"\\ud800":"6.7"}'],
    ['', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['', 'version=%zz'],
    ['', 'version=6.7%00'],
    ['a=%zz', '{}'],
    ['a=%00', '{}'],
  ])('cannot read "%s" with %s', (query, body) => {
    expect(read(query, body)).toBe('unreadable');
  });

  it('takes unknown members, strategies, plugins of any make and a token of 64 characters', () => {
    const token = `${'x'.repeat(62)} ~`;
    const query = `RegionId=cn-hangzhou&updateStrategy=blue_green&clientToken=${encodeURIComponent(token)}`;
    const plugins = [{ name: 'analysis-ik', imageBuiltin: true, fileVersion: 1 }];
    expect(read(query, JSON.stringify({ version: '6.7', type: 'engineVersion', plugins, more: null }))).toEqual({
      dryRun: false,
      clientToken: token,
      version: '6.7',
      type: 'engineVersion',
      updateStrategy: 'blue_green',
      plugins,
    });
  });
});

describe('whatever is sent', () => {
  const anyCase = (word: string) =>
    fc
      .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
      .map((upper) => [...word].map((letter, index) => (upper[index] ? letter.toUpperCase() : letter.toLowerCase())).join(''));
  const name = anyCase('dryrun');
  /** Everything but a plain false. */
  const meant = fc.oneof(
    anyCase('true'),
    fc.boolean().filter(Boolean),
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.array(fc.anything({ maxDepth: 1 })),
    fc.dictionary(fc.string(), fc.string()),
  );
  const isFalse = (value: unknown) => value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
  const place = fc.constantFrom(
    'query',
    'json',
    'nested json',
    'first in json',
    'flat form',
    'form with json',
    'beside json in a form',
  );
  const contentType = fc.constantFrom(json, form, 'application/octet-stream', '');

  function build(where: string, key: string, value: unknown) {
    const pair = `${encodeURIComponent(key)}=${encodeURIComponent(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}`;
    const member = `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`;
    const whole = '{"version":"6.7"}';
    const withMember = `{"version":"6.7",${member}}`;
    switch (where) {
      case 'query':
        return { query: pair, body: whole };
      case 'json':
        return { query: '', body: withMember };
      case 'nested json':
        return { query: '', body: `{"version":"6.7","request":[{${member}}]}` };
      case 'first in json':
        return { query: 'dryRun=false', body: `{${member},"version":"6.7","dryRun":false}` };
      case 'flat form':
        return { query: '', body: `version=6.7&${pair}` };
      case 'form with json':
        return { query: '', body: `body=${encodeURIComponent(withMember)}` };
      default:
        return { query: '', body: `${pair}&body=${encodeURIComponent(whole)}` };
    }
  }

  it('never starts an upgrade while a dryRun stands there that is not false', async () => {
    const values = meant.filter((value) => !isFalse(value));
    await fc.assert(
      fc.asyncProperty(place, name, values, contentType, async (where, key, value, type) => {
        const world = createFakeWorld(sampleCluster());
        const { query, body } = build(where, key, value);
        const call = callOf(query, body, type);
        if (call !== null) await upgradeEngineVersion(partsOf(world), call);
        expect(world.starts).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does start one where dryRun is false or absent, so that the property above can fail', async () => {
    for (const where of ['query', 'json', 'nested json', 'flat form', 'form with json', 'beside json in a form']) {
      const world = createFakeWorld(sampleCluster());
      const { query, body } = build(where, 'DryRun', where.includes('json') ? false : 'False');
      const call = callOf(query, body, where.includes('form') ? form : json);
      if (call !== null) await upgradeEngineVersion(partsOf(world), call);
      expect(world.starts, where).toHaveLength(1);
    }
  });

  it('reading it never throws', () => {
    const junk = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.webQueryParameters());
    fc.assert(fc.property(junk, junk, contentType, (query, body, type) => void read(query, body, type)));
  });
});

function partsOf(world: ReturnType<typeof createFakeWorld>) {
  return {
    control: world.control,
    catalog: sampleCatalog,
    now: world.now,
    newId: () => crypto.randomUUID(),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    defaultRegion: 'cn-hangzhou',
    pause: () => new Promise<void>(() => undefined),
  };
}
