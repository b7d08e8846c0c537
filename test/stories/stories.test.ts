/** `npm run stories` writes the transcripts anew; read the difference before it is committed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stories, type Story } from './teller.ts';

const names = ['three-hops', 'away', 'paused', 'cancelled', 'findings', 'gate', 'zones'] as const;
let stories: Stories;
beforeAll(async () => {
  stories = await Stories.open(names);
});
afterAll(() => stories?.close());

const to = '5.6.16';
const asTold = (story: Story, name: (typeof names)[number]) => expect(story.text).toMatchFileSnapshot(`told/${name}.txt`);

/** Asks for it when the first node has been stopped, and lets that go on only then. */
async function amidFirst(story: Story, wish: () => Promise<void>): Promise<void> {
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let reached = false;
  story.world.hold(async (act, point): Promise<'go-on'> => {
    if (reached || act.what !== 'host.stop' || point !== 'inside') return 'go-on';
    reached = true;
    await gone;
    return 'go-on';
  });
  expect(await story.world.until(() => reached, 60_000)).toBe(true);
  await wish();
  story.world.hold(null);
  letGo();
}

it('a route of three hops', async () => {
  const story = await stories.tell('three-hops');
  await story.cli('plan', 'three-hops', '6.7.0');
  const id = await story.start('6.7.0');
  await story.ended(id);
  await story.describe();
  await asTold(story, 'three-hops');
});

it('a node that does not return, and a second run that finishes', async () => {
  const story = await stories.tell('away');
  const lines = ['java.lang.IllegalStateException: the disk of the data folder went away'];
  for (const number of [1, 2, 3]) story.world.breakStart(`node-${number}`, { version: to, lines });
  story.happens(`no node starts at ${to}: its disk has gone`);
  const id = await story.start(to);
  const seen = await story.ended(id);
  await story.describe();
  for (const number of [1, 2, 3]) story.world.mendStart(`node-${number}`);
  story.happens('the disk is there again');
  await story.cli('upgrade', 'resume', id);
  await story.ended(id, seen);
  await story.describe();
  await asTold(story, 'away');
});

it('a pause, and going on', async () => {
  const story = await stories.tell('paused');
  const id = await story.start(to);
  await amidFirst(story, () => story.cli('upgrade', 'pause', id));
  const seen = await story.ended(id);
  await story.describe();
  await story.cli('upgrade', 'resume', id);
  await story.ended(id, seen);
  await asTold(story, 'paused');
});

it('a cancel half-way, and taking it up again', async () => {
  const story = await stories.tell('cancelled');
  const id = await story.start(to);
  await amidFirst(story, () => story.cli('upgrade', 'cancel', id));
  await story.ended(id);
  await story.describe();
  await story.cli('plan', 'cancelled', to);
  const again = await story.start(to);
  await story.ended(again);
  await story.describe();
  await asTold(story, 'cancelled');
});

it('a dry run with findings of each kind', async () => {
  const indices = [{ name: 'alone', shards: 1, replicas: 0 }];
  const transient = { 'cluster.routing.allocation.exclude._name': 'node-9' };
  const story = await stories.tell('findings', { indices, transient });
  story.happens('an index has no replica, an exclusion was left behind, and nobody has taken a snapshot');
  await story.cli('plan', 'findings', to);
  await story.dryRun(to);
  await story.cli('upgrade', 'start', 'findings', to);
  await asTold(story, 'findings');
});

it('a gate after the first node', async () => {
  const story = await stories.tell('gate', { gateAfterFirstMember: true });
  const id = await story.start(to);
  const seen = await story.ended(id);
  await story.describe();
  await story.cli('upgrade', 'continue', id);
  await story.ended(id, seen);
  await asTold(story, 'gate');
});

it('zone by zone', async () => {
  const nodes = ['a', 'b', 'c'].flatMap((zone) =>
    [1, 2].map((number) => ({
      name: `${zone}-${number}`,
      zone,
      roles: number === 1 ? (['master', 'data', 'ingest'] as const) : (['data', 'ingest'] as const),
    })),
  );
  const story = await stories.tell('zones', { nodes, awarenessAttribute: 'zone' });
  await story.cli('plan', 'zones', to);
  const id = await story.start(to);
  await story.ended(id);
  await asTold(story, 'zones');
});
