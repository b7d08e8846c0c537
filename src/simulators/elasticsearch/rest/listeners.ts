import type { Gate } from '../../hold.ts';
import { type Incoming, type Listener, listenOn } from '../../http.ts';
import type { Journal } from '../../journal.ts';
import type { Clock } from '../clock.ts';
import { end, type SimProcess, type World } from '../world/index.ts';
import { answerRest, type Site } from './index.ts';

export interface Listeners {
  /** Opens and closes ports until each node that should answer does, and no other. */
  follow(): void;
  /** True when every port is as it should be. */
  atRest(): boolean;
  close(): Promise<void>;
}

export interface ListenersParts {
  readonly address?: string;
  readonly world: World;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly clock: () => Clock;
}

/** One HTTP port a node: while its REST port is closed, a connection is refused. */
export function createListeners({ address = '127.0.0.1', world, journal, gate, clock }: ListenersParts): Listeners {
  const open = new Map<number, Listener>();
  const changing = new Map<number, Promise<void>>();

  const siteOf = (node: SimProcess): Site | null => {
    const cluster = world.clusters.get(node.clusterName);
    if (cluster === undefined) return null;
    const { catchUp, until, wallMs } = clock();
    return { world, cluster, node, journal, moment: catchUp, nowWallMs: wallMs, until };
  };

  async function openPort(node: SimProcess): Promise<void> {
    try {
      const answer = async (incoming: Incoming) => {
        clock().catchUp();
        const site = siteOf(node);
        return site === null ? { status: 503, body: 'not yet' } : answerRest(incoming, site, gate);
      };
      const listener = await listenOn(node.httpPort, answer, address);
      open.set(node.pid, listener);
    } catch (error) {
      node.log.push(`BindHttpException[Failed to bind to ${address}:${node.httpPort}]; ${String(error)}`);
      end(world, node, 1, clock().catchUp());
    }
  }

  function change(pid: number, doing: Promise<void>): void {
    changing.set(
      pid,
      doing.finally(() => {
        changing.delete(pid);
      }),
    );
  }

  function follow(): void {
    for (const [pid, listener] of open) {
      if (world.processes.get(pid)?.httpOpen === true || changing.has(pid)) continue;
      open.delete(pid);
      change(pid, listener.close());
    }
    for (const node of world.processes.values()) {
      if (!node.httpOpen || open.has(node.pid) || changing.has(node.pid)) continue;
      // The process that had the port before may still be letting go of it.
      const before = [...changing.keys()].some((pid) => world.processes.get(pid)?.httpPort === node.httpPort);
      if (!before) change(node.pid, openPort(node));
    }
  }

  return {
    follow,
    atRest: () => changing.size === 0 && [...world.processes.values()].every((node) => node.httpOpen === open.has(node.pid)),
    close: async () => {
      await Promise.all(changing.values());
      await Promise.all([...open.values()].map((listener) => listener.close()));
      open.clear();
    },
  };
}
