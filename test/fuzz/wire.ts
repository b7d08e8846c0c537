/** HTTP as bytes: one connection that is kept while the server keeps it, and nothing that puts right what is sent. */
import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Longer than a look at a cluster that does not answer takes. */
const answerTimeoutMs = 60_000;

export class Wire {
  readonly #port: number;
  #socket: Socket | null = null;
  /** Whether anything was answered on the connection: only such a one may have been given up by the server meanwhile. */
  #used = false;

  constructor(port: number) {
    this.#port = port;
  }

  /** Null where the server ended the connection without a word. */
  async send(bytes: Buffer, method: string): Promise<Received | null> {
    const reused = this.#used && this.#socket !== null;
    const received = await this.#once(bytes, method);
    return received === null && reused ? this.#once(bytes, method) : received;
  }

  /** Whether the next request goes over the connection of the one before. */
  get kept(): boolean {
    return this.#socket !== null;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#used = false;
  }

  async #once(bytes: Buffer, method: string): Promise<Received | null> {
    this.#socket ??= connect({ port: this.#port, host: '127.0.0.1', noDelay: true }).on('error', () => undefined);
    const socket = this.#socket;
    socket.off('end', this.#onIdleEnd).off('close', this.#onIdleEnd).off('data', this.#onIdleEnd);
    const received = await answerOn(socket, bytes, method);
    this.#used = true;
    if (received === null || received.left) this.close();
    // Nobody waits for an answer now: a connection that ends meanwhile says so only once, and whoever wrote to it would wait.
    else socket.on('end', this.#onIdleEnd).on('close', this.#onIdleEnd).on('data', this.#onIdleEnd);
    return received;
  }

  readonly #onIdleEnd = (): void => this.close();
}

interface OnSocket extends Received {
  /** The connection is not to be used again. */
  readonly left: boolean;
}

function answerOn(socket: Socket, bytes: Buffer, method: string): Promise<OnSocket | null> {
  const reader = new AnswerReader(method === 'HEAD');
  return new Promise((resolve, reject) => {
    const done = (received: OnSocket | null) => {
      clearTimeout(limit);
      socket.off('data', onData).off('close', onClose).off('end', onClose);
      resolve(received);
    };
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${answerTimeoutMs / 1000} s`));
    }, answerTimeoutMs);
    const onData = (chunk: Buffer) => {
      const answer = reader.read(chunk);
      if (answer === null) return;
      // A stream of events has no end of its own.
      const endless = answer.headers['content-type']?.startsWith('text/event-stream') === true;
      done({ ...answer, left: endless || answer.headers.connection === 'close' || reader.rest > 0 });
    };
    const onClose = () => {
      const answer = reader.end();
      done(answer === null ? null : { ...answer, left: true });
    };
    socket.on('data', onData).on('close', onClose).on('end', onClose);
    socket.write(bytes);
  });
}
