import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Type } from 'typebox';
import { readRecord, writeRecord } from './records.ts';

const fetchTimeoutMs = 60_000;

interface Published {
  readonly url: string;
  readonly sha256Url: string;
}

const Checksum = Type.Object({ url: Type.String(), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) });

/** The checksum as it was when its artefact was fetched; null when it never was. */
export function readPublished(cacheDir: string, source: Published): string | null {
  const record = readRecord(fileOf(cacheDir, source), Checksum);
  return record?.url === source.url ? record.sha256 : null;
}

export async function fetchPublished(source: Published, signal: AbortSignal): Promise<string> {
  const response = await fetch(source.sha256Url, { signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]) });
  if (!response.ok) throw new Error(`${source.sha256Url} answered HTTP ${response.status}.`);
  const sha256 = checksumIn(await response.text(), source.url);
  if (sha256 === null) throw new Error(`${source.sha256Url} holds no SHA-256 of ${nameIn(source.url)}.`);
  return sha256;
}

/** Once its artefact lies ready: what an address publishes later does not change what a release is on this machine. */
export function keepPublished(cacheDir: string, source: Published, sha256: string): void {
  writeRecord(fileOf(cacheDir, source), { url: source.url, sha256 });
}

/** A checksum that stands alone in its file, or the one beside the archive's name in a list. */
function checksumIn(text: string, url: string): string | null {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line));
  const listed = lines.flatMap((line) => (line === null ? [] : [{ sha256: (line[1] ?? '').toLowerCase(), name: line[2] }]));
  const [alone, ...others] = listed;
  if (alone !== undefined && others.length === 0 && alone.name === undefined) return alone.sha256;
  return listed.find(({ name }) => name !== undefined && nameIn(name) === nameIn(url))?.sha256 ?? null;
}

function nameIn(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function fileOf(cacheDir: string, { url, sha256Url }: Published): string {
  const name = createHash('sha256').update(`${url} ${sha256Url}`).digest('hex').slice(0, 16);
  return join(cacheDir, 'checksums', `${name}.json`);
}
