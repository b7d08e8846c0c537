import { eventually, kubectl } from '../../test/rig/index.ts';

const namespace = 'shop';
const pods = 4;
const runningTimeoutMs = 3 * 60_000;

/** A deployment whose pods a budget protects, on the nodes of the cluster. */
export class Workload {
  readonly #ask: (...words: readonly string[]) => Promise<string>;
  #before: ReadonlySet<string> = new Set();

  constructor(component: string, kubeconfig: string) {
    this.#ask = (...words) => kubectl(component, kubeconfig, ['--namespace', namespace, ...words]);
  }

  /** Made, and waited for until every pod runs. */
  async start(): Promise<number> {
    await this.#ask('create', 'namespace', namespace);
    await this.#ask('create', 'deployment', 'web', '--image=web:1', `--replicas=${pods}`);
    await this.#ask('create', 'poddisruptionbudget', 'web', '--selector=app=web', `--min-available=${pods - 1}`);
    this.#before = await eventually(`${pods} pods run`, runningTimeoutMs, async () => {
      const running = await this.#running();
      return running.size === pods ? running : undefined;
    });
    return this.#before.size;
  }

  /** Those that ran at the beginning, and how many of these run still. */
  async compare(): Promise<{ readonly before: number; readonly same: number }> {
    const running = await this.#running();
    return { before: this.#before.size, same: [...this.#before].filter((uid) => running.has(uid)).length };
  }

  async #running(): Promise<ReadonlySet<string>> {
    const words = ['get', 'pods', '--field-selector=status.phase=Running', '-o', 'jsonpath={.items[*].metadata.uid}'];
    return new Set((await this.#ask(...words)).split(' ').filter((uid) => uid !== ''));
  }
}
