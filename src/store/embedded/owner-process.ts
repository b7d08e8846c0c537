/** For tests: a process that owns the embedded server of a state folder, tells about it, and can be killed. */
import { silentLog } from '../testing.ts';
import { startEmbeddedPostgres } from './index.ts';

const [stateDir = '', binariesDir = ''] = process.argv.slice(2);
const server = await startEmbeddedPostgres({
  stateDir,
  log: silentLog,
  durability: 'none',
  ...(binariesDir !== '' && { binariesDir }),
});
process.stdout.write(`${JSON.stringify({ url: server.url, adopted: server.adopted, pid: server.pid() })}\n`);
process.stdin.on('end', () => void server.stop());
process.stdin.resume();
