import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { catalogRelease, type ElasticsearchCatalog } from '../../src/domain/index.ts';
import { parseCatalog } from '../../src/engines/elasticsearch/index.ts';
import { fetchArtefact } from '../../src/hosts/process/artefact.ts';

const fetchTimeoutMs = 15 * 60_000;

/** Where the server keeps artefacts, too: what one has fetched the other need not fetch. */
export function cacheDir(): string {
  const root = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
  return process.env.CLUSTERLIFT_CACHE_DIR ?? join(root, 'clusterlift');
}

export const theCatalog: ElasticsearchCatalog = (() => {
  const file = fileURLToPath(new URL('../../catalog/elasticsearch.yaml', import.meta.url));
  const result = parseCatalog(parse(readFileSync(file, 'utf8')));
  if (result.kind === 'invalid') throw new Error(result.errors.join('; '));
  return result.catalog;
})();

/** The folder of an unpacked release, fetched from where the catalog says. */
export async function homeOf(version: string): Promise<string> {
  const sources = catalogRelease(theCatalog, version)?.artefacts ?? [];
  const fetched = await fetchArtefact({ cacheDir: cacheDir(), downloads: false }, sources, AbortSignal.timeout(fetchTimeoutMs));
  if (fetched.kind === 'failed') throw new Error(fetched.because);
  return fetched.home;
}
