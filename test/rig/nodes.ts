import { eventually } from './waiting.ts';

export interface Health {
  readonly status: string;
  readonly number_of_nodes: number;
  readonly unassigned_shards: number;
  readonly relocating_shards: number;
  readonly initializing_shards: number;
}

/** Looks at the nodes of a cluster themselves, past Clusterlift. */
export class NodesRig {
  readonly urls: readonly string[];

  constructor(urls: readonly string[]) {
    this.urls = urls;
  }

  /** The first node that answers with 2xx. */
  async get<T>(path: string): Promise<T> {
    return this.ask<T>('GET', path);
  }

  async ask<T>(method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<T> {
    const troubles: string[] = [];
    for (const url of this.urls) {
      try {
        return await this.askOne<T>(url, method, path, body, timeoutMs);
      } catch (error) {
        troubles.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Error(`${method} ${path}: ${troubles.join('; ')}`);
  }

  async askOne<T>(url: string, method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}${path}: HTTP ${response.status} ${text.slice(0, 300)}`);
    return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T;
  }

  /** Version of each node by name, as the cluster tells it. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    const answer = await this.get<{ nodes: Record<string, { name: string; version: string }> }>(
      '/_nodes?filter_path=nodes.*.name,nodes.*.version',
    );
    return Object.fromEntries(
      Object.values(answer.nodes)
        .map((node) => [node.name, node.version] as const)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  }

  /** Persistent and transient cluster settings, flat. */
  async clusterSettings(): Promise<{ persistent: Record<string, unknown>; transient: Record<string, unknown> }> {
    return this.get('/_cluster/settings?flat_settings=true');
  }

  async health(): Promise<Health> {
    return this.get('/_cluster/health');
  }

  async waitGreen(nodes: number, timeoutMs: number): Promise<void> {
    await eventually(`${nodes} nodes and green`, timeoutMs, async () => {
      const health = await this.health();
      return health.status === 'green' && health.number_of_nodes === nodes ? true : undefined;
    });
  }

  /** Process id of each node by name. */
  async pids(): Promise<Readonly<Record<string, number>>> {
    const answer = await this.get<{ nodes: Record<string, { name: string; process: { id: number } }> }>('/_nodes/process');
    return Object.fromEntries(
      Object.values(answer.nodes)
        .map((node) => [node.name, node.process.id] as const)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  }

  /** Transport port of each node by name. */
  async transportPorts(): Promise<Readonly<Record<string, number>>> {
    const answer = await this.get<{ nodes: Record<string, { name: string; transport_address: string }> }>(
      '/_nodes?filter_path=nodes.*.name,nodes.*.transport_address',
    );
    return Object.fromEntries(
      Object.values(answer.nodes).map((node) => [node.name, Number(node.transport_address.split(':').at(-1))]),
    );
  }
}
