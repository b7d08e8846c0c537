/** What clients of Go and kubectl send as protobuf, as the JSON that it stands for. Answers go out as JSON, which they read, too. */
import { type Message, messageAt, messageOfKind } from '../field-table.ts';

type Wire = number | bigint | Buffer;

export const protobufType = 'application/vnd.kubernetes.protobuf';
const magic = Buffer.from('k8s\0', 'latin1');

/** Null: it is none, or of a kind that is not known here. */
export function jsonOfProtobuf(body: Buffer): string | null {
  if (!body.subarray(0, magic.length).equals(magic)) return null;
  try {
    const envelope = partsOf(body.subarray(magic.length));
    const [apiVersion = '', kind = ''] = [1, 2].map((number) => textIn(bufferIn(envelope, 1), number));
    const message =
      messageOfKind(`${apiVersion} ${kind}`) ??
      (kind === 'DeleteOptions' ? messageOfKind('meta.k8s.io DeleteOptions') : undefined);
    if (message === undefined) return null;
    return JSON.stringify({ apiVersion, kind, ...objectOf(bufferIn(envelope, 2), messageAt(message)) });
  } catch {
    return null;
  }
}

/** Number and value of each field, as they come. */
function partsOf(bytes: Buffer): readonly (readonly [number, Wire])[] {
  const parts: (readonly [number, Wire])[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new RangeError('cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        parts.push([number, varint()]);
        break;
      case 1:
        parts.push([number, take(8).readDoubleLE()]);
        break;
      case 2:
        parts.push([number, take(Number(varint()))]);
        break;
      default:
        throw new RangeError('no such kind of field');
    }
  }
  return parts;
}

function bufferIn(parts: readonly (readonly [number, Wire])[], wanted: number): Buffer {
  const found = parts.findLast(([number]) => number === wanted)?.[1];
  return Buffer.isBuffer(found) ? found : Buffer.alloc(0);
}

function textIn(bytes: Buffer, wanted: number): string {
  return bufferIn(partsOf(bytes), wanted).toString('utf8');
}

function numberIn(bytes: Buffer, wanted: number): number {
  const found = partsOf(bytes).findLast(([number]) => number === wanted)?.[1];
  return found === undefined || Buffer.isBuffer(found) ? 0 : Number(found);
}

function objectOf(bytes: Buffer, message: Message): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [number, wire] of partsOf(bytes)) {
    const { name, type, dropsZero } = message.get(number) ?? { name: '-', type: '', dropsZero: true };
    if (type === '') continue;
    if (name === '') {
      Object.assign(object, shownOf(wire, type));
    } else if (type.startsWith('[')) {
      object[name] = [...((object[name] as unknown[] | undefined) ?? []), shownOf(wire, type.slice(1))];
    } else if (type.startsWith('{')) {
      const entry = wire as Buffer;
      const value = shownOf(bufferIn(partsOf(entry), 2), type.slice(1));
      object[name] = { ...(object[name] as object | undefined), [textIn(entry, 1)]: value };
    } else {
      const value = shownOf(wire, type);
      const zero = value === '' || value === 0 || value === false;
      if (value !== undefined && !(dropsZero && zero)) object[name] = value;
    }
  }
  return object;
}

function shownOf(wire: Wire, type: string): unknown {
  if (type === 'i') return Number(wire);
  if (type === 'b') return wire === 1n;
  if (type === 'f') return wire;
  const bytes = Buffer.isBuffer(wire) ? wire : Buffer.alloc(0);
  if (type.startsWith(':')) return objectOf(bytes, messageAt(Number(type.slice(1))));
  return scalarOf(bytes, type);
}

/** Text, and the few messages that JSON shows as something of their own. */
function scalarOf(bytes: Buffer, type: string): unknown {
  switch (type) {
    case 's':
      return bytes.toString('utf8');
    case 'y':
      return bytes.toString('base64');
    case 'q':
      return textIn(bytes, 1);
    case 'o':
      return numberIn(bytes, 1) === 1 ? textIn(bytes, 3) : numberIn(bytes, 2);
    case 't':
      return bytes.length === 0 ? undefined : `${momentOf(bytes).toISOString().slice(0, 19)}Z`;
    case 'u':
      return bytes.length === 0 ? undefined : `${momentOf(bytes).toISOString().slice(0, 23)}000Z`;
    case 'd':
      return `${numberIn(bytes, 1) / 1e9}s`;
    case 'r': {
      const text = textIn(bytes, 1);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    }
    case 'w':
      return partsOf(bytes).map(([, item]) => String(item));
    default:
      return undefined;
  }
}

function momentOf(bytes: Buffer): Date {
  return new Date(numberIn(bytes, 1) * 1_000 + Math.floor(numberIn(bytes, 2) / 1e6));
}
