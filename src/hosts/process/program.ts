import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where systems put the programs of servers: an ordinary user's PATH seldom names these. */
const serverFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** A program of this machine by its name, as a path; null where there is none. */
export function findProgram(name: string, path = process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'): string | null {
  if (name.includes('/')) return isProgram(name) ? name : null;
  const folders = [...path.split(':'), ...serverFolders].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

export function programMissing(name: string): string {
  return name.includes('/')
    ? `There is no program ${name} on this machine.`
    : `${name} was not found on this machine: install it, for example the package ${name}.`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
