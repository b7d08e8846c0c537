import type { ServerRig } from './server.ts';
import { eventually } from './waiting.ts';

export interface Reason {
  readonly code: string;
  readonly subject: string;
  readonly says: string;
  readonly clearedBy: string;
  readonly evidence?: readonly string[];
}

export interface ClusterRow {
  readonly id: string;
  readonly status: string;
  readonly nodes: readonly { readonly name: string; readonly url: string }[];
}

export interface UpgradeRow {
  readonly id: string;
  readonly clusterId: string;
  readonly status: string;
  readonly generation: number;
  readonly reason: Reason | null;
}

export interface PlanRow {
  readonly id: string;
  readonly hops: readonly {
    readonly hop: { readonly from: { readonly version: string }; readonly to: { readonly version: string } };
    readonly waves: readonly (readonly string[])[];
  }[];
  readonly findings: readonly {
    readonly check: string;
    readonly kind: 'hazard' | 'policy';
    readonly hop: number;
    readonly subject: string;
    readonly says: string;
    readonly remedy: string;
    readonly evidence: readonly string[];
    readonly loopWaits?: boolean;
  }[];
  readonly reports: readonly { readonly check: string; readonly result: { readonly kind: string; readonly because?: string } }[];
}

export interface TrialRow {
  readonly key: {
    readonly member: string;
    readonly release: { readonly version: string; readonly build: string | null };
    /** Equal for members that share one trial. */
    readonly settingsHash: string;
  };
  readonly outcome: { readonly kind: string; readonly tookMs?: number };
}

export interface EventRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly move: string | null;
  readonly members: readonly string[];
  readonly says: string;
  readonly reason: Reason | null;
}

/** Our own HTTP API, called as any client of it would. */
export class NativeRig {
  readonly #url: string;
  readonly #authorization: string;

  constructor(server: Pick<ServerRig, 'url' | 'keyId' | 'secret'>) {
    this.#url = `${server.url}/api/v1`;
    this.#authorization = `Basic ${Buffer.from(`${server.keyId}:${server.secret}`).toString('base64')}`;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: this.#authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 2_000)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async plan(clusterId: string, version: string, build: string | null = null): Promise<PlanRow> {
    return this.ask('POST', `/clusters/${clusterId}/plans`, { to: { version, build } });
  }

  /** Starts what was planned, with the policy findings that a person accepts. */
  async start(planId: string, acknowledge: readonly string[]): Promise<UpgradeRow> {
    return this.ask('POST', '/upgrades', { planId, acknowledge });
  }

  async trials(clusterId: string): Promise<readonly TrialRow[]> {
    const { trials } = await this.ask<{ trials: readonly TrialRow[] }>('GET', `/clusters/${clusterId}/trials`);
    return trials;
  }

  async cluster(id: string): Promise<ClusterRow> {
    return this.ask('GET', `/clusters/${id}`);
  }

  async clusterIds(): Promise<readonly string[]> {
    const { clusters } = await this.ask<{ clusters: readonly { readonly id: string }[] }>('GET', '/clusters');
    return clusters.map((cluster) => cluster.id);
  }

  async latestUpgrade(clusterId: string): Promise<UpgradeRow> {
    const { upgrades } = await this.ask<{ upgrades: readonly UpgradeRow[] }>('GET', `/upgrades?clusterId=${clusterId}&limit=1`);
    const [latest] = upgrades;
    if (latest === undefined) throw new Error(`cluster ${clusterId} has no upgrade`);
    return latest;
  }

  /** Waits until the upgrade has another status, and gives that upgrade back. A server that is away meanwhile is waited for. */
  async waitWhile(id: string, status: string, timeoutMs: number): Promise<UpgradeRow> {
    return eventually(`upgrade ${id} is no longer ${status}`, timeoutMs, async () => {
      const now = await this.upgrade(id);
      return now.status === status ? undefined : now;
    });
  }

  async upgrade(id: string): Promise<UpgradeRow> {
    return this.ask('GET', `/upgrades/${id}`);
  }

  async events(upgradeId: string, after: number): Promise<readonly EventRow[]> {
    const { events } = await this.ask<{ events: readonly EventRow[] }>(
      'GET',
      `/upgrades/${upgradeId}/events?after=${after}&limit=500`,
    );
    return events;
  }
}
