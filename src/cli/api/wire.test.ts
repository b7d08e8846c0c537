/** What the command line reads of an answer is what the native API says that it answers. */
import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import { obstaclesError } from '../../faces/native/translate/plan.ts';
import * as face from '../../faces/native/wire/index.ts';
import { couldNotRun, findings } from '../testing/samples.ts';
import * as wire from './wire.ts';

interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const named = new Map(Object.values(face).map((schema) => [`${(schema as Schema).$id}#`, schema as Schema]));

function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = named.get(schema.$ref);
  if (found === undefined) throw new Error(`nothing is named ${schema.$ref}`);
  return found;
}

/** Where `read` expects what `answered` does not promise; paths of members. */
function missing(read: Schema, answeredRef: Schema, path: string): readonly string[] {
  const answered = resolved(answeredRef);
  // Every form of the answer must be readable, in one of the forms that are read.
  const forms = answered.anyOf ?? answered.oneOf;
  if (forms !== undefined) return forms.flatMap((form) => missing(read, form, path));
  if (read.anyOf !== undefined) {
    const tried = read.anyOf.map((form) => missing(form, answered, path));
    return tried.some((wrong) => wrong.length === 0) ? [] : (tried[0] ?? []);
  }
  if (read.type !== undefined && read.type !== (answered.type === 'integer' ? 'number' : answered.type))
    return [`${path}: ${read.type} is read, ${answered.type} is answered`];
  if (read.items !== undefined) return missing(read.items, answered.items ?? {}, `${path}[]`);
  return Object.entries(read.properties ?? {}).flatMap(([name, member]) => {
    const theirs = answered.properties?.[name];
    const below = `${path}.${name}`;
    const isNeeded = read.required?.includes(name) === true;
    if (theirs === undefined) return isNeeded ? [`${below}: is not answered`] : [];
    if (isNeeded && answered.required?.includes(name) !== true) return [`${below}: is not always answered`];
    return missing(member, theirs, below);
  });
}

const pairs: readonly (readonly [string, TSchema, TSchema])[] = [
  ['clusters', wire.Clusters, face.ClusterList],
  ['an added cluster', wire.AddedCluster, face.NewClusterAnswer],
  ['a removed cluster', wire.RemovedCluster, face.RemovedAnswer],
  ['a snapshot', wire.TakenSnapshot, face.Snapshot],
  ['a snapshot that goes on', wire.TakenSnapshot, face.SnapshotGoesOn],
  ['trial starts', wire.Trials, face.TrialList],
  ['releases', wire.Releases, face.ReleaseList],
  ['a plan', wire.Plan, face.Plan],
  ['a rehearsal', wire.Rehearsal, face.Rehearsal],
  ['an exported observation', wire.ExportedObservation, face.ExportedObservation],
  ['an upgrade', wire.Upgrade, face.Upgrade],
  ['upgrades', wire.Upgrades, face.UpgradeList],
  ['a wish', wire.Wished, face.WishAnswer],
  ['events', wire.UpgradeEvents, face.EventList],
  ['keys', wire.Keys, face.KeyList],
  ['a new key', wire.NewKey, face.NewKeyAnswer],
  ['a revoked key', wire.RevokedKey, face.RevokedAnswer],
  ['an error', wire.ErrorAnswer, face.ErrorAnswer],
];

test.each(pairs)('%s: everything that is read is answered', (name, read, answered) => {
  expect(missing(read as Schema, answered as Schema, name)).toEqual([]);
});

test('what holds a start is in the details of the refusal', () => {
  const { hazard, policy } = findings;
  const held = { hazards: [{ ...hazard, evidence: [] }], policy: [policy], couldNotRun: [couldNotRun] };
  const { details } = obstaclesError(held, null);
  expect(Check(wire.Obstacles, details)).toBe(true);
  expect(details).toMatchObject(held);
});

test('the comparison finds what is missing, optional or of another type', () => {
  const read = {
    type: 'object',
    required: ['a', 'b', 'c'],
    properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
  };
  const answered = { type: 'object', required: ['b'], properties: { b: { type: 'integer' }, c: { type: 'string' } } };
  expect(missing(read, answered, 'x')).toEqual([
    'x.a: is not answered',
    'x.b: string is read, integer is answered',
    'x.c: is not always answered',
  ]);
});
