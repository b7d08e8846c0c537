/** `npm run fuzz`: a hundred thousand requests to each of the two big faces. `--requests N`, `--faces a,b`, `--only FACE:NUMBER`. */
import { parseArgs } from 'node:util';
import { openFuzzWorld } from './fuzz-world.ts';
import { fuzzSession, growthLimitMiB } from './session.ts';
import { type FaceName, faceNames } from './suites.ts';

const usualRequests = 100_000;
/** The two small faces get so many times fewer. */
const small = { aliyun: 1, eks: 1, native: 5, sts: 10 } as const;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: String(usualRequests) },
    faces: { type: 'string', default: faceNames.join(',') },
    only: { type: 'string' },
  },
});
const faces = faceNames.filter((face) => values.faces.split(',').includes(face));
const requests = Object.fromEntries(faces.map((face) => [face, Math.ceil(Number(values.requests) / small[face])]));
const [onlyFace = '', onlyNumber = ''] = values.only?.split(':') ?? [];

const world = await openFuzzWorld('malformed traffic');
try {
  const only = values.only === undefined ? {} : { only: { face: onlyFace as FaceName, number: Number(onlyNumber) } };
  const session = await fuzzSession(world, { requests, ...only, say: (line) => console.log(line) });
  console.log(`\n${session.table}\n`);
  const grown = session.residentMiB.end - session.residentMiB.warm;
  if (grown > growthLimitMiB) console.log(`The server grew by ${grown.toFixed(0)} MiB; ${growthLimitMiB} are allowed.`);
  process.exitCode = session.troubles.length > 0 || grown > growthLimitMiB ? 1 : 0;
} finally {
  await world.close();
}
