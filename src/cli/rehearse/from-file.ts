import { Check } from 'typebox/schema';
import { ExportedObservation } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { limits } from '../limits.ts';
import type { Session } from '../session.ts';

const format = 'clusterlift-observation';
const version = 1;

/** An observation as `cluster export` writes it. The server reads it whole; what is no observation at all is told here. */
export async function readExported(session: Session, path: string): Promise<ExportedObservation> {
  const text = await readInputFile(session.shell, path);
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.exportedMaxBytes)
    throw wrong(`${path} has ${bytes} bytes; at most ${limits.exportedMaxBytes} are rehearsed.`);
  const document = parsed(path, text);
  const { format: named, version: of } = (typeof document === 'object' ? document : null) ?? {};
  if (named === format && of !== version)
    throw wrong(`${path} is an observation of version ${String(of)}; this command line knows ${version}.`, newer);
  if (Check(ExportedObservation, document)) return document;
  throw wrong(`${path} does not hold an observation as \`clusterlift cluster export\` writes it.`);
}

const newer = 'Use the command line and the server of the version that wrote it.';

function parsed(path: string, text: string): { readonly format?: unknown; readonly version?: unknown } | null {
  try {
    return JSON.parse(text) as { readonly format?: unknown } | null;
  } catch {
    // Not what the parser says: it quotes the file.
    throw wrong(`${path} is not JSON, or was cut off.`);
  }
}

function wrong(says: string, remedy = 'Write it again: clusterlift cluster export CLUSTER --file FILE'): Failure {
  return new Failure(exitCodes.usage, says, { remedy });
}
