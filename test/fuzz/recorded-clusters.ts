/** Kubernetes clusters that are records alone: they are described and listed like any other, and nothing of them runs. */
import { join } from 'node:path';
import type { KubernetesCluster } from '../../src/domain/index.ts';
import { sampleCluster } from '../../src/faces/eks/testing-samples.ts';
import { databaseAccount } from '../../src/store/embedded/account.ts';
import { chooseFolders } from '../../src/store/embedded/folders.ts';
import { readOrMakePassword } from '../../src/store/embedded/password.ts';
import { connectionUrl, createSecretBox, openStore, readOrMakeSecretKey } from '../../src/store/index.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const user = 'clusterlift';

export interface Recorded {
  readonly names: readonly string[];
  /** Whose they are: the account of a server's first key. */
  readonly account: string;
  readonly region: string;
}

/** Written into the embedded database of a server that runs. Registered ones: nobody tries to keep them up. */
export async function recordClusters(stateDir: string, { names, account, region }: Recorded): Promise<readonly string[]> {
  const folders = await chooseFolders(stateDir, databaseAccount());
  const password = await readOrMakePassword(stateDir, folders.data);
  const url = connectionUrl({ host: folders.sockets, port: 5432, user, password, database: user });
  const box = createSecretBox(await readOrMakeSecretKey(join(stateDir, 'secret.key')));
  const store = await openStore({ url, box, log: silent });
  try {
    const at = new Date().toISOString();
    const known: Partial<KubernetesCluster> = { account, region, origin: 'registered', createdAt: at, updatedAt: at };
    for (const name of names) await store.insertCluster(sampleCluster(name, { ...known, tags: { team: 'a' } }));
    return names.map((name) => `k8s-${name}`);
  } finally {
    await store.close();
  }
}
