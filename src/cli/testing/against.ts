import { type Ran, runCommand, type World } from './run-command.ts';
import { type Routes, type StubServer, stubServer } from './stub-server.ts';

export interface Against {
  readonly server: StubServer;
  /** Runs a command against the stub server; the words of the command are separated by spaces. */
  run(command: string, world?: Omit<World, 'url'>): Promise<Ran>;
}

/** A stub server for one test; `finished` is vitest's way to have it closed afterwards. */
export async function against(routes: Routes, finished: (close: () => Promise<void>) => void): Promise<Against> {
  const server = await stubServer(routes);
  finished(() => server.close());
  return {
    server,
    run: (command, world = {}) => runCommand(command === '' ? [] : command.split(' '), { url: server.url, ...world }),
  };
}
