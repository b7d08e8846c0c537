// Where finished components stand: the real Kubernetes and etcd of tests and demo, built by `npm run components`.
// It does not know how they are built.
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Beside what else the server keeps in its cache (`cacheDir`), so that it survives between runs. */
export function componentsFolder() {
  if (process.env.CLUSTERLIFT_CACHE_DIR) return join(process.env.CLUSTERLIFT_CACHE_DIR, 'components');
  const cache = process.getuid?.() === 0 ? '/var/cache' : process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'clusterlift', 'components');
}

/** The folder of a finished component; its programs are in `bin` there. `componentsReady` says whether it is there. */
export function componentPath(name) {
  return join(componentsFolder(), name);
}
