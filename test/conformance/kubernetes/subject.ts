import type { KubernetesSpec, Tls } from '../../../src/domain/index.ts';
import { requestedSpec } from '../../../src/engines/kubernetes/draft/index.ts';
import { addNodegroup } from '../../../src/engines/kubernetes/nodegroups.ts';
import { engineIo } from '../../../src/server/outside.ts';
import { createSimulatedHost, startSimulation } from '../../../src/simulators/index.ts';
import { kubernetesProgram } from '../../../src/simulators/kubernetes/index.ts';
import { type RealControlPlane, startControlPlane } from '../../rig/real-control-plane.ts';
import { eventually } from '../../rig/waiting.ts';
import { normalised, object, parsed, type Stand, type Told } from '../answers.ts';

const waitTimeoutMs = 120_000;
const askTimeoutMs = 20_000;
const lookEveryMs = 250;

const release = { version: '1.36', build: 'eks.3' };
const next = { version: '1.37', build: 'eks.2' };
const oldMinor = '1.36';

/** Who asks: the administrator, somebody who shows nothing, or somebody with a token that nobody issued. */
export type Asker = 'admin' | 'nobody' | 'stranger' | 'etcd';

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  /** Name of a member; the first apiserver where none is said. */
  readonly of?: string;
  readonly as?: Asker;
}

/** A control plane, real or simulated, with one node. */
export class Subject {
  readonly kind: 'real' | 'fake';
  readonly #plane: RealControlPlane;
  readonly #closeHost: () => Promise<void>;

  constructor(kind: 'real' | 'fake', plane: RealControlPlane, closeHost: () => Promise<void>) {
    this.kind = kind;
    this.#plane = plane;
    this.#closeHost = closeHost;
  }

  async ask(
    path: string,
    { method = 'GET', body, type = 'application/json', of = 'apiserver-1', as }: Asked = {},
  ): Promise<Told> {
    const asker = as ?? (of.startsWith('etcd') ? 'etcd' : 'admin');
    const { status, body: text } = await this.#plane.io.http({
      method,
      url: `${this.#urlOf(of)}${path}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': type }),
        ...(asker === 'stranger' ? { authorization: 'Bearer nobody-issued-this' } : {}),
      },
      timeoutMs: askTimeoutMs,
      tls: this.#tls(asker),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, body: parsed(text) };
  }

  /** The same, with names in place of what differs from run to run. */
  async told(path: string, asked: Asked = {}): Promise<Told> {
    const { status, body } = await this.ask(path, asked);
    return { status, body: normalised(body, stands) };
  }

  async must(path: string, asked: Asked): Promise<Readonly<Record<string, unknown>>> {
    const { status, body } = await this.ask(path, asked);
    if (status >= 300) throw new Error(`${asked.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`);
    return object(body);
  }

  create(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
    return this.must(path, { method: 'POST', body });
  }

  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    return eventually(what, waitTimeoutMs, look, this.kind === 'real' ? lookEveryMs : lookEveryMs / 10);
  }

  /** The second apiserver at the next minor, behaving as the old one. */
  async emulate(): Promise<void> {
    const done = await this.#plane.act('replace-member', 'apiserver-2', { ...next, emulate: oldMinor });
    if (done.kind !== 'done') throw new Error(done.says);
    await this.until('it is ready', async () => {
      const { status } = await this.ask('/readyz', { of: 'apiserver-2' });
      const { body } = await this.ask('/version', { of: 'apiserver-2' });
      return status === 200 && String(object(body).gitVersion).startsWith('v1.37') ? true : undefined;
    });
  }

  async close(): Promise<void> {
    await this.#plane.close();
    await this.#closeHost();
  }

  #urlOf(name: string): string {
    const member = this.#plane.cluster.spec.members.find((one) => one.name === name);
    if (member === undefined) throw new Error(`there is no member ${name}`);
    return `https://${member.address}:${member.port}`;
  }

  #tls(asker: Asker): Tls {
    const { secrets } = this.#plane.cluster;
    const authority = secrets['ca.crt'] ?? '';
    if (asker === 'nobody' || asker === 'stranger') return { authority };
    return { authority, certificate: secrets[`${asker}.crt`] ?? '', key: secrets[`${asker}.key`] ?? '' };
  }
}

const stands: readonly Stand[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '(uid)'],
  [/127\.\d+\.\d+\.\d+/g, '(address)'],
];

const group = {
  name: 'blue',
  release,
  minSize: 1,
  maxSize: 2,
  maxUnavailable: 1,
  labels: {},
  taints: [],
  tags: {},
  face: {},
};
const withNode = (spec: KubernetesSpec) => addNodegroup(spec, { ...group, desiredSize: 1 }, new Date().toISOString());

export async function realSubject(): Promise<Subject> {
  const plane = await startControlPlane(requestedSpec({ release }), withNode);
  return up('real', plane, async () => undefined);
}

export async function fakeSubject(seed: number): Promise<Subject> {
  const kept = { put: async () => undefined, remove: async () => undefined, all: async () => [] };
  const simulation = await startSimulation({
    port: 0,
    seed,
    portSeed: seed + process.pid,
    programs: [kubernetesProgram],
    kept,
  });
  const host = createSimulatedHost({ url: simulation.url, http: engineIo({}).http });
  try {
    return await up('fake', await startControlPlane(requestedSpec({ release }), withNode, host), () => simulation.close());
  } catch (error) {
    await simulation.close();
    throw error;
  }
}

async function up(kind: 'real' | 'fake', plane: RealControlPlane, closeHost: () => Promise<void>): Promise<Subject> {
  const subject = new Subject(kind, plane, closeHost);
  try {
    await plane.keepUntil(waitTimeoutMs, ({ members }) =>
      members.every(({ name, joined }) => name.endsWith('-surge') || joined !== null),
    );
    await subject.until('the node is ready', async () => {
      const { body } = await subject.ask('/api/v1/nodes/blue-1');
      const conditions = object(object(body).status).conditions as readonly { type: string; status: string }[] | undefined;
      return conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? true : undefined;
    });
    // From now on members join what is there.
    plane.cluster = { ...plane.cluster, provisioning: { state: 'ready' } };
    return subject;
  } catch (error) {
    await plane.close();
    throw error;
  }
}
