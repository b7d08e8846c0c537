/** How an object is changed by parts of one. */
export type Patched = { readonly kind: 'patched'; readonly value: unknown } | { readonly kind: 'wrong'; readonly says: string };

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null takes a field away; a list is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = { ...(isFields(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** By which field the entries of a list are the same; lists that are not named here are replaced. */
const listKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  conditions: 'type',
  ownerReferences: 'uid',
  taints: 'key',
  ports: 'port',
  imagePullSecrets: 'name',
  addresses: 'type',
  webhooks: 'name',
};

/** As a merge, but lists of named things are merged by their names, with the directives `$patch`, `$deleteFromPrimitiveList` and `$setElementOrder`. */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  if (patch.$patch === 'replace') return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'));
  const result: Record<string, unknown> = { ...(isFields(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    const primitive = /^\$deleteFromPrimitiveList\/(.*)$/.exec(key)?.[1];
    const was = result[primitive ?? key];
    if (primitive !== undefined) {
      result[primitive] = Array.isArray(was) && Array.isArray(value) ? was.filter((one) => !value.includes(one)) : was;
    } else if (key.startsWith('$')) {
      // Order alone, or fields that the others keep.
    } else if (value === null || (isFields(value) && value.$patch === 'delete')) {
      delete result[key];
    } else if (key === 'finalizers' && Array.isArray(value)) {
      result[key] = [...new Set([...(Array.isArray(was) ? was : []), ...value])];
    } else {
      result[key] =
        Array.isArray(value) && Array.isArray(was) ? mergeLists(was, value, keyFor(key, value)) : strategicPatch(was, value);
    }
  }
  return result;
}

function keyFor(field: string, entries: readonly unknown[]): string | undefined {
  if (field === 'ports' && entries.some((entry) => isFields(entry) && entry.containerPort !== undefined)) return 'containerPort';
  return listKeys[field];
}

function mergeLists(was: readonly unknown[], patch: readonly unknown[], key: string | undefined): readonly unknown[] {
  if (key === undefined || patch.some((entry) => !isFields(entry) || (entry.$patch !== 'replace' && entry[key] === undefined)))
    return patch.filter((entry) => !isFields(entry) || entry.$patch !== 'replace');
  let result = patch.some((entry) => isFields(entry) && entry.$patch === 'replace') ? [] : [...was];
  for (const entry of patch) {
    if (!isFields(entry) || entry.$patch === 'replace') continue;
    const same = (one: unknown) => isFields(one) && one[key] === entry[key];
    if (entry.$patch === 'delete') result = result.filter((one) => !same(one));
    else if (result.some(same)) result = result.map((one) => (same(one) ? strategicPatch(one, entry) : one));
    else result.push(entry);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export function jsonPatch(target: unknown, operations: unknown): Patched {
  if (!Array.isArray(operations))
    return { kind: 'wrong', says: 'json: cannot unmarshal object into Go value of type jsonpatch.Patch' };
  let value: unknown = structuredClone(target);
  for (const operation of operations as readonly Operation[]) {
    const next = applyOperation(value, operation);
    if (next.kind === 'wrong') return next;
    value = next.value;
  }
  return { kind: 'patched', value };
}

function applyOperation(root: unknown, { op, path, from = '', value }: Operation): Patched {
  if (op === 'test') {
    const found = at(root, path);
    if (JSON.stringify(found) === JSON.stringify(value)) return { kind: 'patched', value: root };
    return { kind: 'wrong', says: `testing path "${path}" failed: test failed` };
  }
  if (op === 'move' || op === 'copy') {
    const moved = at(root, from);
    const kept = op === 'move' ? applyOperation(root, { op: 'remove', path: from }) : { kind: 'patched' as const, value: root };
    return kept.kind === 'wrong' ? kept : applyOperation(kept.value, { op: 'add', path, value: moved });
  }
  const words = pointer(path);
  const last = words.pop();
  if (last === undefined) return { kind: 'patched', value };
  const parent = words.reduce<unknown>((inner, word) => (inner as Record<string, unknown> | undefined)?.[word], root);
  if (typeof parent !== 'object' || parent === null)
    return { kind: 'wrong', says: `${op} operation does not apply: doc is missing path: "${path}": missing value` };
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (op === 'add') parent.splice(index, 0, value);
    else if (op === 'remove') parent.splice(index, 1);
    else parent[index] = value;
    return { kind: 'patched', value: root };
  }
  const fields = parent as Record<string, unknown>;
  if (op !== 'add' && !(last in fields))
    return { kind: 'wrong', says: `${op} operation does not apply: doc is missing key: ${path}: missing value` };
  if (op === 'remove') delete fields[last];
  else fields[last] = value;
  return { kind: 'patched', value: root };
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function at(root: unknown, path: string): unknown {
  return pointer(path).reduce<unknown>((inner, word) => (inner as Record<string, unknown> | undefined)?.[word], root);
}
