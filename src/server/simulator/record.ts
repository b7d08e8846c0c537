import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Record = Type.Object({ pid: Type.Integer({ minimum: 1 }), port: Type.Integer({ minimum: 1, maximum: 65_535 }) });
/** Where the simulator of a state folder is found. */
export type SimulatorRecord = Static<typeof Record>;

const fileOf = (folder: string) => join(folder, 'process.json');

export function hasRecord(folder: string): boolean {
  return existsSync(fileOf(folder));
}

export function readRecord(folder: string): SimulatorRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(folder), 'utf8'));
    return Value.Check(Record, value) ? value : null;
  } catch {
    return null;
  }
}

export function writeRecord(folder: string, record: SimulatorRecord): void {
  const draft = `${fileOf(folder)}.${record.pid}`;
  writeFileSync(draft, JSON.stringify(record));
  renameSync(draft, fileOf(folder));
}
