/** A request to an operation: good, or with what `change` makes of one place of it. */
import type { Chance } from './chance.ts';
import type { Good } from './good-values.ts';
import type { Field, Member, Operation, Target, Type } from './model.ts';
import type { Plain } from './request.ts';
import { type Changed, escaped, isList, jsonOf, Pairs, type Tree, textOf, valuesOf } from './tree.ts';

type Change = (good: Tree, type: Type) => Changed;

/** The one place that is changed, as seen from where one stands. */
interface Spot {
  readonly steps: readonly string[];
  readonly change: Change;
}

interface Making {
  readonly good: Good;
  readonly chance: Chance;
  readonly operation: string;
  /** How likely what may be left out is there. */
  readonly fullness: number;
}

export type Encoding = 'json' | 'json in a form' | 'form';

export function buildRequest(
  operation: Operation,
  { good, chance, encodings }: { readonly good: Good; readonly chance: Chance; readonly encodings: readonly Encoding[] },
  changed: { readonly target: Target; readonly change: Change } | null,
): Plain {
  const making: Making = { good, chance, operation: operation.name, fullness: chance.pick([0, 0.15, 0.5, 1]) };
  const made = (place: Field['place']): readonly (readonly [string, Tree])[] =>
    operation.fields.filter((field) => field.place === place).flatMap((field) => fieldOf(making, field, changed));
  const path = pathOf(operation.path, made('path'));
  const query = made('query').flatMap(queryMembers);
  const { body, type } = bodyOf(made('body'), operation, chance.pick(encodings));
  return {
    ...{ method: operation.method, path, body, operation: operation.name },
    query: query.length === 0 ? null : query.join('&'),
    headers: body.length === 0 ? [] : [['content-type', type]],
    framing: body.length > 0 && chance.happens(0.15) ? 'chunked' : 'length',
  };
}

function fieldOf(
  making: Making,
  field: Field,
  changed: { readonly target: Target; readonly change: Change } | null,
): readonly (readonly [string, Tree])[] {
  const spot =
    changed !== null && changed.target.field === field ? { steps: changed.target.steps, change: changed.change } : null;
  return memberOf(making, field.place === 'path' ? { ...field, required: true } : field, spot);
}

function memberOf(making: Making, member: Member, spot: Spot | null): readonly (readonly [string, Tree])[] {
  if (spot === null && member.required !== true && !making.chance.happens(making.fullness)) return [];
  return valuesOf(treeOf(making, member.name, member.type, spot)).map((value) => [member.name, value]);
}

function treeOf(making: Making, name: string, type: Type, spot: Spot | null): Changed {
  if (spot !== null && spot.steps.length === 0) {
    const [good = null] = valuesOf(treeOf(making, name, type, null));
    return spot.change(good, type);
  }
  const [step = '', ...steps] = spot?.steps ?? [];
  const inner = spot === null ? null : { steps, change: spot.change };
  if (type.kind === 'structure')
    return new Pairs(type.members.flatMap((member) => memberOf(making, member, member.name === step ? inner : null)));
  const more = making.chance.happens(0.3) ? valuesOf(treeOfItem(making, name, type, null)) : [];
  if (type.kind === 'list') return [...valuesOf(treeOfItem(making, name, type, inner)), ...more];
  if (type.kind === 'map') return new Pairs(valuesOf(treeOfItem(making, name, type, inner)).map((value) => ['team', value]));
  return making.good(making.operation, name, type, making.chance);
}

/** Items are called as their list is. */
function treeOfItem(making: Making, name: string, type: Type, spot: Spot | null): Changed {
  return type.kind === 'list' || type.kind === 'map' ? treeOf(making, name, type.of, spot) : null;
}

function pathOf(pattern: string, fields: readonly (readonly [string, Tree])[]): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, label: string) =>
    fields
      .filter(([name]) => name === label)
      .map(([, value]) => textOf(value))
      .join('/'),
  );
}

function queryMembers([name, value]: readonly [string, Tree]): readonly string[] {
  return isList(value) ? value.map((item) => `${escaped(name)}=${textOf(item)}`) : [`${escaped(name)}=${textOf(value)}`];
}

/** Utf-8; a field that is the body as a whole is called so. */
function bodyOf(
  fields: readonly (readonly [string, Tree])[],
  { method, fields: known }: Operation,
  encoding: Encoding,
): { readonly body: Buffer; readonly type: string } {
  if (!known.some(({ place }) => place === 'body') && !/^P/.test(method)) return { body: Buffer.alloc(0), type: '' };
  const [whole] = fields.filter(([name]) => name === 'body');
  const json = whole === undefined ? jsonOf(new Pairs(fields)) : jsonOf(whole[1]);
  if (encoding === 'json') return { body: Buffer.from(json), type: 'application/json' };
  const form = encoding === 'form' ? fields.flatMap(queryMembers).join('&') : `body=${escaped(json)}`;
  return { body: Buffer.from(form), type: 'application/x-www-form-urlencoded' };
}
