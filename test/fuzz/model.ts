/** What an operation takes, as its official client describes it. */

export type Type =
  | { readonly kind: 'text'; readonly words?: readonly string[] }
  | { readonly kind: 'number' | 'flag' | 'moment' | 'anything' }
  | { readonly kind: 'list' | 'map'; readonly of: Type }
  | { readonly kind: 'structure'; readonly members: readonly Member[] };

export interface Member {
  readonly name: string;
  readonly type: Type;
  /** Without it nothing is looked at further: a good request has it always. */
  readonly required?: boolean;
}

export interface Field extends Member {
  readonly place: 'path' | 'query' | 'body';
}

export interface Operation {
  readonly name: string;
  readonly method: string;
  /** `{name}` stands for the path's field of that name. */
  readonly path: string;
  readonly fields: readonly Field[];
}

/** Something that can be wrong in a request: a field at some depth, or the request as a whole. */
export interface Target {
  /** `CreateCluster body resourcesVpcConfig.subnetIds.[]`, `CreateCluster as a whole`. */
  readonly id: string;
  readonly operation: Operation;
  readonly field: Field | null;
  /** From the field inwards; `[]` is an item of a list, `{}` a value of a map. */
  readonly steps: readonly string[];
}

export function targetsOf(operations: readonly Operation[]): readonly Target[] {
  return operations.flatMap((operation) => [
    { id: `${operation.name} as a whole`, operation, field: null, steps: [] },
    ...operation.fields.flatMap((field) =>
      stepsIn(field.type).map((steps) => ({
        id: `${operation.name} ${field.place} ${[field.name, ...steps].join('.')}`,
        operation,
        field,
        steps,
      })),
    ),
  ]);
}

/** The type itself, then whatever is in it. */
function stepsIn(type: Type): readonly (readonly string[])[] {
  if (type.kind === 'structure')
    return [[], ...type.members.flatMap((member) => stepsIn(member.type).map((steps) => [member.name, ...steps]))];
  if (type.kind === 'list') return [[], ...stepsIn(type.of).map((steps) => ['[]', ...steps])];
  if (type.kind === 'map') return [[], ...stepsIn(type.of).map((steps) => ['{}', ...steps])];
  return [[]];
}
