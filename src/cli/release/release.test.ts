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
