/** A request before it is signed: texts as they stand on the wire, one character a byte. */
export interface Plain {
  readonly method: string;
  readonly path: string;
  /** Without its question mark; null where there is not even that. */
  readonly query: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly framing: 'length' | 'chunked';
  /** The operation's name, for whom it is signed. */
  readonly operation: string;
}

/** A request on the wire, as it is sent: known to the last byte. */
export interface Sendable {
  readonly face: string;
  readonly number: number;
  readonly sort: 'signed' | 'broken signature' | 'random bytes';
  /** The target that is wrong in it, and what is wrong. */
  readonly target: string;
  readonly what: string;
  readonly operation: string | null;
  readonly method: string;
  readonly bytes: Buffer;
}

export function bytesOf({ method, path, query, headers, body, framing }: Plain): Buffer {
  const lines = [
    `${method} ${path}${query === null ? '' : `?${query}`} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(framing === 'chunked' ? ['transfer-encoding: chunked'] : []),
    ...(framing === 'length' && (body.length > 0 || !/^(GET|HEAD|DELETE)$/.test(method))
      ? [`content-length: ${body.length}`]
      : []),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, framing === 'chunked' ? chunks(body) : body]);
}

function chunks(body: Buffer): Buffer {
  const middle = Math.ceil(body.length / 2);
  const parts = [body.subarray(0, middle), body.subarray(middle)].filter((part) => part.length > 0);
  return Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

export function withHeader(plain: Plain, name: string, value: string): Plain {
  return { ...plain, headers: [...plain.headers.filter(([other]) => other !== name), [name, value]] };
}

/** As Node reads it: the first of a name that may not repeat, others joined. */
export function headerOf({ headers }: Pick<Plain, 'headers'>, name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1].trim();
}
