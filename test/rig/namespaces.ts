/**
 * Network namespaces of Linux, one for each name, joined by a bridge: whoever is in one can be cut off where the network
 * itself is cut, so that packets are lost in silence.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const relay = fileURLToPath(new URL('./namespace-relay.js', import.meta.url));
/** In this machine only: nothing of it is routed anywhere. */
const subnet = '10.231';
const ofRoot = 254;
/** The second way of the machine itself, to whoever was cut off from the others. */
const ofRootAside = 253;

function ip(...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', words, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr.trim()}`);
}

/** Why none can be made here, as whoever runs the tests is told; null: they can. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return `network namespaces are of Linux, and this is ${process.platform}`;
  const name = `clp${process.pid}`;
  try {
    ip('netns', 'add', name);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return `no network namespace can be made here (${says}): run it as root, with iproute2 installed`;
  }
  try {
    ip('-n', name, 'link', 'add', 'bridge-1', 'type', 'bridge');
    ip('-n', name, 'link', 'add', 'end-1', 'type', 'veth', 'peer', 'name', 'end-2');
    ip('-n', name, 'link', 'set', 'end-1', 'master', 'bridge-1');
    ip('-n', name, 'link', 'set', 'end-1', 'type', 'bridge_slave', 'isolated', 'on');
    return null;
  } catch (error) {
    return `the network of a namespace cannot be set up here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    ip('netns', 'del', name);
  }
}

export class Namespaces {
  readonly #names: readonly string[];
  readonly #third: number;
  readonly #relays = new Map<string, ChildProcess>();
  /** Called whenever the relay in one of them reaches others over the network than before. */
  onReached: (name: string, others: ReadonlySet<string>) => void = () => undefined;

  private constructor(names: readonly string[]) {
    this.#names = names;
    this.#third = process.pid % 256;
  }

  static open(names: readonly string[]): Namespaces {
    const opened = new Namespaces(names);
    try {
      opened.#make();
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }

  addressOf(name: string): string {
    return `${subnet}.${this.#third}.${this.#names.indexOf(name) + 1}`;
  }

  /**
   * Whoever connects to that port of a namespace comes out at the socket; among each other the relays of `peers` find out
   * whom they reach.
   */
  async relay(name: string, port: number, socket: string, peers: readonly string[] = []): Promise<void> {
    await this.#endRelay(name);
    const others = peers.filter((peer) => peer !== name).map((peer) => `${peer}=${this.addressOf(peer)}`);
    const words = ['netns', 'exec', this.#of(name), process.execPath, relay, this.addressOf(name), `${port}`, socket, ...others];
    const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#relays.set(name, child);
    const lines = createInterface({ input: child.stdout });
    await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the relay of ${name} ended with ${code}`);
      }),
    ]);
    lines.on('line', (line) => {
      // One that was ended in favour of another has nothing to tell any more.
      if (this.#relays.get(name) === child) this.onReached(name, new Set(line.split(' ').filter((other) => other !== '')));
    });
  }

  /** Nobody but the machine itself reaches it any more, nor it them. */
  cutFromOthers(name: string): void {
    ip('-n', this.#hub, 'link', 'set', this.#port(name), 'master', 'aside');
    ip('route', 'replace', `${this.addressOf(name)}/32`, 'dev', this.#root('b'));
  }

  joinOthers(name: string): void {
    ip('route', 'del', `${this.addressOf(name)}/32`, 'dev', this.#root('b'));
    ip('-n', this.#hub, 'link', 'set', this.#port(name), 'master', 'main');
  }

  /** The machine itself does not reach it any more, nor it the machine; the others do. */
  cutFromMachine(name: string): void {
    this.#isolate(name, 'on');
  }

  joinMachine(name: string): void {
    this.#isolate(name, 'off');
  }

  /** None of them reaches another; the machine itself reaches each. */
  cutAllApart(names: readonly string[]): void {
    for (const name of names) this.#isolatePort(this.#port(name), 'on');
  }

  joinAll(names: readonly string[]): void {
    for (const name of names) this.#isolatePort(this.#port(name), 'off');
  }

  close(): void {
    for (const child of this.#relays.values()) child.kill('SIGKILL');
    // A veth goes with its other end.
    for (const name of [this.#hub, ...this.#names.map((one) => this.#of(one))]) spawnSync('ip', ['netns', 'del', name]);
    for (const way of ['a', 'b'] as const) spawnSync('ip', ['link', 'del', this.#root(way)]);
  }

  get #hub(): string {
    return `cl${process.pid}-hub`;
  }

  #of(name: string): string {
    return `cl${process.pid}-${name}`;
  }

  #port(name: string): string {
    return `to-${this.#names.indexOf(name) + 1}`;
  }

  /** Fifteen characters are all that a name of an interface may have. */
  #root(way: 'a' | 'b'): string {
    return `cl${process.pid}${way}`;
  }

  #isolate(name: string, state: 'on' | 'off'): void {
    for (const port of [this.#port(name), 'to-root']) this.#isolatePort(port, state);
  }

  /** Between two ports that are isolated nothing passes. */
  #isolatePort(port: string, state: 'on' | 'off'): void {
    ip('-n', this.#hub, 'link', 'set', port, 'type', 'bridge_slave', 'isolated', state);
  }

  async #endRelay(name: string): Promise<void> {
    const child = this.#relays.get(name);
    this.#relays.delete(name);
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  #make(): void {
    ip('netns', 'add', this.#hub);
    for (const bridge of ['main', 'aside']) {
      ip('-n', this.#hub, 'link', 'add', bridge, 'type', 'bridge');
      ip('-n', this.#hub, 'link', 'set', bridge, 'up');
    }
    for (const name of this.#names) {
      ip('netns', 'add', this.#of(name));
      this.#join(['-n', this.#of(name)], 'net', this.#of(name), this.#port(name), 'main', `${this.addressOf(name)}/24`);
      ip('-n', this.#of(name), 'link', 'set', 'lo', 'up');
    }
    this.#join([], this.#root('a'), null, 'to-root', 'main', `${subnet}.${this.#third}.${ofRoot}/24`);
    this.#join([], this.#root('b'), null, 'to-root-b', 'aside', `${subnet}.${this.#third}.${ofRootAside}/32`);
  }

  /** A veth from a bridge of the hub to an interface with an address. */
  #join(inside: readonly string[], name: string, namespace: string | null, port: string, bridge: string, address: string): void {
    const place = namespace === null ? [] : ['netns', namespace];
    ip(
      '-n',
      this.#hub,
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      name,
      ...(place.length === 0 ? ['netns', String(process.pid)] : place),
    );
    ip('-n', this.#hub, 'link', 'set', port, 'master', bridge, 'up');
    ip(...inside, 'addr', 'add', address, 'dev', name);
    ip(...inside, 'link', 'set', name, 'up');
  }
}
