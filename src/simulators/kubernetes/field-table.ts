/** The fields of the objects of Kubernetes, as `catalog/kubernetes-protobuf.json` has them. */
import { readFileSync } from 'node:fs';

interface Table {
  /** `apps/v1 Deployment`: which message. */
  readonly kinds: Readonly<Record<string, number>>;
  /** `ConfigMap|1 metadata? :391|2 data {s`: name, then number, field and type of each. */
  readonly messages: readonly string[];
}

export interface Field {
  /** Empty: what is in it stands in the message itself. */
  readonly name: string;
  /** `s` text, `i` whole number, `:391` the message of that place, `[` a list and `{` a map of what follows; the rest `protobuf.ts` tells. */
  readonly type: string;
  /** Nothing and its zero are the same. */
  readonly dropsZero: boolean;
}

/** By number. */
export type Message = ReadonlyMap<number, Field>;

let table: Table | null = null;
const messages = new Map<number, Message>();

function theTable(): Table {
  table ??= JSON.parse(readFileSync(new URL('../../../catalog/kubernetes-protobuf.json', import.meta.url), 'utf8')) as Table;
  return table;
}

/** The message of a kind, `apps/v1 Deployment`. */
export function messageOfKind(kind: string): number | undefined {
  return theTable().kinds[kind];
}

export function messageName(at: number): string {
  return theTable().messages[at]?.split('|')[0] ?? '';
}

export function messageAt(at: number): Message {
  const found = messages.get(at);
  if (found !== undefined) return found;
  const [, ...fields] = (theTable().messages[at] ?? '').split('|');
  const read = new Map(
    fields.map((field) => {
      const [number, name = '', type = ''] = field.split(' ');
      return [Number(number), { name: name.replace('?', ''), type, dropsZero: name.endsWith('?') }] as const;
    }),
  );
  messages.set(at, read);
  return read;
}
