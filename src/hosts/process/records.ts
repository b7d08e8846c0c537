import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

const ReleaseRecord = Type.Object({ version: Type.String(), build: Type.Union([Type.String(), Type.Null()]) });

/** Written before a process is spawned, so that a launch that was cut off is found again. */
export const LaunchRecord = Type.Object({
  token: Type.String(),
  release: ReleaseRecord,
  at: Type.String(),
  /** How long the log of the member was when it was launched. */
  logBytes: Type.Optional(Type.Number()),
});
export type LaunchRecord = Static<typeof LaunchRecord>;

/** A process that its owner started and that we took over. */
export const AdoptedRecord = Type.Object({
  pid: Type.Number(),
  startTime: Type.String(),
  release: ReleaseRecord,
  at: Type.String(),
});

/** A process that was asked to end. */
export const StoppingRecord = Type.Object({ pid: Type.Number(), startTime: Type.String() });

/** Written whole or not at all, and on disk when this returns. */
export function writeRecord(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const scratch = `${file}.${process.pid}.new`;
  const handle = openSync(scratch, 'w', 0o600);
  writeFileSync(handle, JSON.stringify(value));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(scratch, file);
}

export function readRecord<S extends TSchema>(file: string, schema: S): Static<S> | null {
  if (!existsSync(file)) return null;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Value.Check(schema, value) ? (value as Static<S>) : null;
}

/** The launches that began, oldest first: each shell adds its own (`launch-once.ts`). */
export function readLaunches(run: string): readonly LaunchRecord[] {
  const file = join(run, 'launches.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter((value): value is LaunchRecord => Value.Check(LaunchRecord, value));
}
