/** `npm run fuzz`: a hundred thousand requests to each face, each on a server of its own. `--requests N`, `--from N`, `--faces a,b`, `--only FACE:NUMBER`. */
import { parseArgs } from 'node:util';
import { openFuzzWorld } from './fuzz-world.ts';
import { fuzzSession, growthLimitMiB, type Session } from './session.ts';
import { type FaceName, faceNames } from './suites.ts';
import { memoryTable } from './table.ts';

const usualRequests = 100_000;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: String(usualRequests) },
    from: { type: 'string', default: '0' },
    faces: { type: 'string', default: faceNames.join(',') },
    only: { type: 'string' },
  },
});
const [onlyFace = '', onlyNumber = ''] = values.only?.split(':') ?? [];
const faces = faceNames.filter((face) =>
  values.only === undefined ? values.faces.split(',').includes(face) : face === onlyFace,
);
const requests = Number(values.requests);

const memory: { readonly face: FaceName; readonly residentMiB: Session['residentMiB'] }[] = [];
let well = true;
// What one face makes the server keep is not to be taken for the growth of another.
for (const face of faces) {
  const world = await openFuzzWorld(`malformed traffic to ${face}`);
  try {
    const only = values.only === undefined ? {} : { only: { face, number: Number(onlyNumber) } };
    const wanted = { requests: { [face]: requests }, from: Number(values.from), ...only };
    const session = await fuzzSession(world, { ...wanted, say: (line) => console.log(line) });
    console.log(`\n${session.table}\n`);
    memory.push({ face, residentMiB: session.residentMiB });
    const grown = session.residentMiB.end - session.residentMiB.warm;
    if (grown > growthLimitMiB) console.log(`The server grew by ${grown.toFixed(0)} MiB; ${growthLimitMiB} are allowed.`);
    well &&= session.troubles.length === 0 && grown <= growthLimitMiB;
  } finally {
    await world.close();
  }
}
console.log(`${memoryTable(memory)}\n`);
process.exitCode = well ? 0 : 1;
