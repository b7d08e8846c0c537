import { expect, onTestFinished, test } from 'vitest';
import { against } from '../testing/against.ts';

const edge = (from: string, to: string, mode = 'rolling') => ({ from, to, mode, requires: [], oneWayDoors: [] });

test('list shows each release with its Java, its builds and where it leads', async () => {
  const body = {
    engine: 'elasticsearch',
    releases: [
      { version: '6.7.0', java: { min: 8, max: 17 }, builds: ['ali1.0.2', 'ali1.2.0'], artefacts: ['maven'] },
      { version: '7.17.29', java: null, builds: [], artefacts: ['archive'] },
    ],
    edges: [edge('6.7.0', '6.8.23'), edge('6.7.0', '7.17.29', 'restart')],
  };
  const { run, server } = await against({ 'GET /releases': { body } }, onTestFinished);
  expect((await run('release list')).out).toMatchInlineSnapshot(`
    "VERSION  JAVA     BUILDS              NEXT
    6.7.0    8-17     ali1.0.2, ali1.2.0  6.8.23, 7.17.29 (restart)
    7.17.29  its own  -                   -
    "
  `);
  expect(server.requests[0]?.path).toBe('/releases?engine=elasticsearch');
});

test('list shows until when each is supported, and what is over', async () => {
  const dates = (released: string, standard: string, extended: string) => ({
    releasedAt: `${released}T00:00:00.000Z`,
    endOfStandardSupport: `${standard}T00:00:00.000Z`,
    endOfExtendedSupport: `${extended}T00:00:00.000Z`,
  });
  const body = {
    engine: 'kubernetes',
    releases: [
      { version: '1.34', java: null, builds: ['eks.9'], ...dates('2025-10-02', '2026-11-24', '2027-12-02') },
      { version: '1.35', java: null, builds: ['eks.2', 'eks.3'], ...dates('2025-12-17', '2027-02-17', '2028-02-17') },
    ],
    edges: [{ ...edge('1.34', '1.35'), requires: ['etcd 3.5'], oneWayDoors: ['etcd is not lifted back'] }, edge('1.35', '1.34')],
  };
  const { run } = await against({ 'GET /releases': { body } }, onTestFinished);
  expect((await run('release list --engine kubernetes')).out).toMatchInlineSnapshot(`
    "VERSION  SUPPORTED UNTIL    EXTENDED UNTIL  BUILDS        NEXT  BACK TO
    1.34     2026-11-24 (over)  2027-12-02      eks.9         1.35  -
    1.35     2027-02-17         2028-02-17      eks.2, eks.3  -     1.34
    "
  `);
  expect((await run('release list --engine kubernetes --output wide')).out).toMatchInlineSnapshot(`
    "VERSION  RELEASED    SUPPORTED UNTIL    EXTENDED UNTIL  BUILDS        NEXT  BACK TO  REQUIRES  NO WAY BACK
    1.34     2025-10-02  2026-11-24 (over)  2027-12-02      eks.9         1.35  -        etcd 3.5  etcd is not lifted back
    1.35     2025-12-17  2027-02-17         2028-02-17      eks.2, eks.3  -     1.34     -         -
    "
  `);
});
