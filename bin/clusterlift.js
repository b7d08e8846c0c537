#!/usr/bin/env node
// The command `clusterlift`. Plain JavaScript, so that it runs straight after `npm ci`: where the sources are there, they are
// run as they are (what was changed is what runs); an installed package has only dist/. CLUSTERLIFT_USE_DIST=1 takes dist/
// beside sources. `server` is loaded here and not by the command line, which is a client of the native API and nothing more.
import { existsSync } from 'node:fs';
import process from 'node:process';

const root = new URL('../', import.meta.url);
const fromSources = existsSync(new URL('src/cli/main.ts', root)) && process.env.CLUSTERLIFT_USE_DIST !== '1';

if (fromSources) {
  const { register } = await import('tsx/esm/api');
  register();
}

const load = (path) => import(new URL(fromSources ? `src/${path}.ts` : `dist/${path}.js`, root).href);
const [command, ...rest] = process.argv.slice(2);

if (command === 'server') {
  const { main } = await load('server/index');
  await main(rest);
} else if (command === 'demo' && fromSources && existsSync(new URL('demo/index.ts', root))) {
  // The demo reads its arguments as `npm run demo` gives them.
  process.argv.splice(2, 1);
  await import(new URL('demo/index.ts', root).href);
} else {
  const { main } = await load('cli/main');
  process.exitCode = await main(process.argv.slice(2));
}
