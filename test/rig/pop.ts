import { createRequire } from 'node:module';
import type { ServerRig } from './server.ts';

const require = createRequire(import.meta.url);
const { ROAClient } = require('@alicloud/pop-core') as {
  ROAClient: new (
    config: Readonly<Record<string, string>>,
  ) => {
    request(
      method: string,
      path: string,
      query: Readonly<Record<string, string>>,
      body: string,
      headers: Readonly<Record<string, string>>,
    ): Promise<{ readonly Result: unknown }>;
  };
};

export interface ActionRecord {
  readonly requestId: string;
  readonly stateType: string;
  readonly detail: { readonly grayType?: string; readonly hasDoneNodeCount: number; readonly totalNodeCount: number };
}

/** The generic official client, for what the SDK has no method for or drops from an answer. */
export class PopRig {
  readonly #client: InstanceType<typeof ROAClient>;

  constructor(server: Pick<ServerRig, 'url' | 'keyId' | 'secret'>) {
    this.#client = new ROAClient({
      accessKeyId: server.keyId,
      accessKeySecret: server.secret,
      endpoint: server.url,
      apiVersion: '2017-06-13',
    });
  }

  /** Newest first. */
  async actionRecords(id: string): Promise<readonly ActionRecord[]> {
    const { Result } = await this.#client.request('GET', `/openapi/instances/${id}/action-records`, {}, '', {});
    return Result as readonly ActionRecord[];
  }

  /** ContinueEsVersionUpgrade: past the gate. */
  async continuePastGate(id: string, changeId: string): Promise<unknown> {
    const path = `/openapi/instances/${id}/actions/continueEsVersionUpgrade`;
    return (await this.#client.request('POST', path, { 'X-Request-ChangeId': changeId }, '', {})).Result;
  }
}
