import type { Received } from './wire.ts';

/** Puts one answer together from what comes in, passing over what only says that it will come. */
export class AnswerReader {
  readonly #noBody: boolean;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(noBody: boolean) {
    this.#noBody = noBody;
  }

  /** Bytes behind the answer. */
  get rest(): number {
    return this.#bytes.length;
  }

  /** Null while it is not whole. */
  read(chunk: Buffer): Received | null {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    return this.#whole(false);
  }

  /** The connection has ended: what had no length ends here. */
  end(): Received | null {
    return this.#whole(true);
  }

  #whole(ended: boolean): Received | null {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return null;
      const [line = '', ...lines] = this.#bytes.toString('latin1', 0, end).split('\r\n');
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? Number.NaN);
      if (Number.isNaN(status)) throw new Error(`not an answer: ${line.slice(0, 100)}`);
      const headers = Object.fromEntries(
        lines.map((text) => [text.slice(0, text.indexOf(':')).toLowerCase(), text.slice(text.indexOf(':') + 1).trim()]),
      );
      if (status >= 100 && status < 200 && status !== 101) {
        this.#bytes = this.#bytes.subarray(end + 4);
        continue;
      }
      const body = this.#body(headers, end + 4, status, ended);
      return body === null ? null : { status, headers, body };
    }
  }

  #body(headers: Readonly<Record<string, string>>, from: number, status: number, ended: boolean): Buffer | null {
    if (this.#noBody || status === 204 || status === 304) return this.#take(from, from);
    if (headers['content-type']?.startsWith('text/event-stream') === true) return this.#take(from, this.#bytes.length);
    if (headers['transfer-encoding'] === 'chunked') return this.#chunks(from);
    const length = headers['content-length'];
    if (length === undefined) return ended ? this.#take(from, this.#bytes.length) : null;
    const to = from + Number(length);
    return this.#bytes.length < to ? null : this.#take(from, to);
  }

  #chunks(from: number): Buffer | null {
    const parts: Buffer[] = [];
    for (let at = from; ; ) {
      const end = this.#bytes.indexOf('\r\n', at);
      if (end < 0) return null;
      const size = Number.parseInt(this.#bytes.toString('latin1', at, end), 16);
      const next = end + 2 + size + 2;
      if (this.#bytes.length < next) return null;
      parts.push(this.#bytes.subarray(end + 2, end + 2 + size));
      at = next;
      if (size === 0) {
        this.#take(at, at);
        return Buffer.concat(parts);
      }
    }
  }

  #take(from: number, to: number): Buffer {
    const taken = this.#bytes.subarray(from, to);
    this.#bytes = this.#bytes.subarray(to);
    return taken;
  }
}
