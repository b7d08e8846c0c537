import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A way to a database that can be cut: what is connected goes on without a word, and nobody new gets an answer. */
export class Way {
  readonly url: string;
  readonly #server: Server;
  readonly #callers = new Set<Socket>();
  #open = true;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  /** To the database of that URL, whether it listens on a port or on a socket of the file system. */
  static async to(database: string): Promise<Way> {
    const url = new URL(database);
    const folder = url.searchParams.get('host');
    const port = url.port === '' ? '5432' : url.port;
    const target = folder === null ? { host: url.hostname, port: Number(port) } : { path: join(folder, `.s.PGSQL.${port}`) };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('it has a port');
    url.searchParams.delete('host');
    url.hostname = '127.0.0.1';
    url.port = String(bound.port);
    const way = new Way(url.href, server);
    server.on('connection', (caller) => way.#carry(caller, connect(target)));
    return way;
  }

  cut(): void {
    this.#open = false;
    for (const caller of this.#callers) caller.pause();
  }

  /** Those who were connected are told that they no longer are, as a network does that has forgotten them. */
  mend(): void {
    this.#open = true;
    for (const caller of this.#callers) caller.destroy();
  }

  close(): void {
    for (const caller of this.#callers) caller.destroy();
    this.#server.close();
  }

  #carry(caller: Socket, database: Socket): void {
    this.#callers.add(caller);
    const passOn = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => {
        if (this.#open) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#callers.delete(from);
        to.destroy();
      });
    };
    passOn(caller, database);
    passOn(database, caller);
    if (!this.#open) caller.pause();
  }
}
