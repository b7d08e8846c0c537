// `npm run components`: builds the real Kubernetes and etcd that tests and demo need, once; what is there is not built again.
// `npm run components -- kubernetes-1.36.1` builds one, `--full` all of them, `--list` only says what there is.
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { componentsFolder } from './components.js';
import { buildComponent, lookFor } from './components-build.js';
import { componentsToBuild, componentTable } from './components-parts.js';
import { inWords } from './test-parts.js';

const root = fileURLToPath(new URL('../components/', import.meta.url));

/** Builds those of the named components that are missing. Gives the names of those that could not be built, with the reason. */
export async function componentsReady(names, says = console.log) {
  const failed = [];
  for (const name of names) {
    const component = componentTable.find((one) => one.name === name);
    if (component === undefined) throw new Error(`There is no component ${name}.`);
    const began = Date.now();
    const since = () => inWords(Date.now() - began);
    const missing = !lookFor(component, componentsFolder(), root).built;
    if (missing) says(`${name}: building, the first time this takes some minutes`);
    const end = await buildComponent(component, componentsFolder(), root, (word) => says(`${name}: ${since()}, ${word}`));
    if (end.kind === 'failed') {
      failed.push({ name, because: end.because });
      says(`${name}: failed after ${since()}\n${end.because}`);
    } else says(`${name}: ${missing ? `built in ${since()}, ` : ''}${end.path}`);
  }
  return failed;
}

async function main() {
  const { components, unknown, list } = componentsToBuild(process.argv.slice(2));
  if (unknown.length > 0) {
    console.error(
      `Unknown: ${unknown.join(', ')}. There are ${componentTable.map((one) => one.name).join(', ')}; and --full, --list.`,
    );
    process.exit(2);
  }
  if (list) {
    for (const component of componentTable) {
      const found = lookFor(component, componentsFolder(), root);
      console.log(`${component.name.padEnd(18)} ${found.built && found.linked ? found.path : 'not built'}`);
    }
    return;
  }
  // What a killed build leaves is found and taken away by the next one; this leaves nothing in the first place.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  const failed = await componentsReady(components.map((one) => one.name));
  if (failed.length > 0) process.exitCode = 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
