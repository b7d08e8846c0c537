import { describe, expect, it } from 'vitest';
import { jsonOfProtobuf } from './protobuf.ts';

const bytes = (number: number, value: Buffer | string): Buffer => {
  const body = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
};
const int = (number: number, value: number): Buffer => Buffer.concat([varint(number << 3), varint(value)]);

function varint(value: number): Buffer {
  const out: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  do {
    out.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(out);
}

function sent(apiVersion: string, kind: string, ...fields: readonly Buffer[]): Buffer {
  const typeMeta = bytes(1, Buffer.concat([bytes(1, apiVersion), bytes(2, kind)]));
  return Buffer.concat([Buffer.from('k8s\0', 'latin1'), typeMeta, bytes(2, Buffer.concat(fields))]);
}

const read = (body: Buffer) => JSON.parse(jsonOfProtobuf(body) ?? 'null') as unknown;

describe('what is sent as protobuf', () => {
  it('is read as the object that it stands for, with maps, bytes, and without what is nothing', () => {
    const metadata = bytes(
      1,
      Buffer.concat([bytes(1, 'one'), bytes(2, ''), bytes(5, ''), bytes(11, entry('app', 'web')), bytes(8, '')]),
    );
    const secret = sent(
      'v1',
      'Secret',
      metadata,
      bytes(2, Buffer.concat([bytes(1, 'key'), bytes(2, 'value')])),
      bytes(3, 'Opaque'),
    );
    expect(read(secret)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'one', labels: { app: 'web' } },
      data: { key: Buffer.from('value').toString('base64') },
      type: 'Opaque',
    });
  });

  it('keeps a zero that was meant, and numbers below zero', () => {
    expect(read(sent('v1', 'DeleteOptions', int(1, 0)))).toMatchObject({ gracePeriodSeconds: 0 });
    expect(read(sent('v1', 'DeleteOptions', int(1, -1)))).toMatchObject({ gracePeriodSeconds: -1 });
    expect(read(sent('v1', 'DeleteOptions', bytes(4, 'Orphan'), bytes(5, 'All')))).toMatchObject({
      propagationPolicy: 'Orphan',
      dryRun: ['All'],
    });
  });

  it('shows a share of pods as a text and a count as a number', () => {
    const share = (inner: Buffer) => read(sent('policy/v1', 'PodDisruptionBudget', bytes(2, bytes(1, inner))));
    expect(share(Buffer.concat([int(1, 1), int(2, 0), bytes(3, '50%')]))).toMatchObject({ spec: { minAvailable: '50%' } });
    expect(share(Buffer.concat([int(1, 0), int(2, 2)]))).toMatchObject({ spec: { minAvailable: 2 } });
  });

  it('puts what stands in a message of its own on the wire where it belongs', () => {
    const volume = bytes(1, Buffer.concat([bytes(1, 'conf'), bytes(2, bytes(19, bytes(1, bytes(1, 'cm'))))]));
    expect(read(sent('v1', 'Pod', bytes(2, volume)))).toMatchObject({
      spec: { volumes: [{ name: 'conf', configMap: { name: 'cm' } }] },
    });
  });

  it('is not understood where it is none, is cut off, or is of a kind that nobody knows', () => {
    expect(jsonOfProtobuf(Buffer.from('{}'))).toBeNull();
    expect(jsonOfProtobuf(sent('example.com/v1', 'Thing'))).toBeNull();
    const whole = sent('v1', 'ConfigMap', bytes(1, bytes(1, 'a-name')));
    expect(jsonOfProtobuf(whole)).not.toBeNull();
    expect(jsonOfProtobuf(whole.subarray(0, whole.length - 3))).toBeNull();
  });
});

function entry(key: string, value: string): Buffer {
  return Buffer.concat([bytes(1, key), bytes(2, value)]);
}
