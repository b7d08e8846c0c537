import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrCreateFile } from '../secret-file.ts';

/** The server's password lives in the state folder, readable by its owner only. */
export async function readOrMakePassword(stateDir: string, data: string): Promise<string> {
  const path = join(stateDir, 'postgres-password');
  const hasData = await stat(data).then(
    () => true,
    () => false,
  );
  const password = await readOrCreateFile(path, () => {
    if (hasData) throw new Error(`${path} is missing, and ${data} cannot be opened without it. Put it back from a backup.`);
    return randomBytes(32).toString('base64url');
  });
  if (password === '') throw new Error(`${path} is empty. Put it back from a backup.`);
  return password;
}
