// What a round of the soak consists of. Pure, so that it can be tested.

const vitest = 'node_modules/vitest/vitest.mjs';
const run = (project, ...files) => [vitest, 'run', '--project', project, '--reporter=default', ...files];

/** In this order: what is quick comes first. */
export const soakParts = [
  {
    name: 'properties',
    does: 'random clusters, cut off and fallen over, in the rules and in the simulator',
    command: run('fast', 'src/engines/elasticsearch/decide', 'src/simulators/elasticsearch/world'),
    limitMinutes: 10,
    needs: [],
  },
  {
    name: 'faults',
    does: 'a server killed before, inside and after every act, on simulated clusters',
    command: run('faults', 'test/faults'),
    limitMinutes: 20,
    needs: [],
  },
  {
    name: 'away',
    does: 'a real node that does not come back',
    command: run('real', 'test/real/node-does-not-return.real.test.ts'),
    limitMinutes: 20,
    needs: ['java', 'mvn'],
  },
  {
    name: 'kills',
    does: 'three real hops under load, the server killed at random moments',
    command: run('real', 'test/real/three-hops.real.test.ts'),
    limitMinutes: 30,
    needs: ['java', 'mvn'],
  },
];

const roundsMax = 1_000;

/** `soak.js N [part ...]`: how many rounds of which parts, or what is wrong with the question. */
export function readSoak(words) {
  const [first = '', ...names] = words;
  const rounds = Number(first);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > roundsMax)
    return { kind: 'wrong', says: `How many rounds? Say npm run soak -- 10 (1 to ${roundsMax}).` };
  const unknown = names.filter((name) => !soakParts.some((part) => part.name === name));
  if (unknown.length > 0)
    return {
      kind: 'wrong',
      says: `There is no part ${unknown.join(', ')}. Parts: ${soakParts.map((part) => part.name).join(', ')}.`,
    };
  return { kind: 'soak', rounds, parts: names.length === 0 ? soakParts : soakParts.filter((part) => names.includes(part.name)) };
}

/** One line a round; how to repeat what failed follows from it. */
export function roundLine(round, rounds, seed, ends) {
  const parts = ends.map(({ name, passed, seconds }) => `${name} ${passed ? 'passed' : 'FAILED'} (${seconds} s)`);
  return `round ${round} of ${rounds}, CLUSTERLIFT_SEED=${seed}: ${parts.join(', ')}`;
}
