/** A server that lives in the test's own process and dies as one that is killed with -9: nothing of it is heard of again. */
import type { Host, HttpRequest, MakerIo, Store } from '../../src/domain/index.ts';

/** `before`: nothing was sent. `inside`: sent, and no answer waited for. `after`: answered, and nothing done with the answer. */
export type Point = 'before' | 'inside' | 'after';

/** What a server asks others to change: `start apiserver-1 1.37`, `stop apiserver-1`, `PUT objects`. */
export type Cut = (act: string) => Point | null;

export interface Doomed {
  readonly io: MakerIo;
  readonly store: Store;
  /** Resolves with the act that it died in. */
  readonly died: Promise<string>;
}

const changing = new Set(['prefetch', 'start', 'stop', 'run', 'erase', 'adopt']);

export function doomedServer(io: MakerIo, store: Store, cut: Cut): Doomed {
  let dead = false;
  let die: (act: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    die = (act) => {
      dead = true;
      resolve(act);
    };
  });
  const never = <T>() => new Promise<T>(() => undefined);
  /** What a dead process asks is never sent, and what it is answered is never read. */
  const alive = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (dead) return never();
    const answer = await ask();
    return dead ? never() : answer;
  };
  const perform = async <T>(act: string, ask: () => Promise<T>): Promise<T> => {
    if (dead) return never();
    const point = cut(act);
    if (point === null) return alive(ask);
    if (point === 'before') {
      die(act);
      return never();
    }
    const asked = ask();
    if (point === 'after') await asked;
    // Sent all the same: it is carried out while the next server looks.
    else asked.catch(() => undefined);
    if (!dead) die(`${act}`);
    return never();
  };
  const mortal = <T extends object>(
    target: T,
    wrap: (name: string, call: () => Promise<unknown>, args: readonly unknown[]) => unknown,
  ): T =>
    new Proxy(target, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key, of);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => wrap(String(key), () => Reflect.apply(value, of, args), args);
      },
    });
  const hosts = (key: string) => {
    const host = io.hosts(key);
    if (host === undefined) return undefined;
    return mortal<Host>(host, (name, call, args) => (changing.has(name) ? perform(actOf(name, args), call) : alive(call)));
  };
  const http: MakerIo['http'] = (asked) => {
    const changes = changeOf(asked);
    return changes === null ? alive(() => io.http(asked)) : perform(changes, () => io.http(asked));
  };
  const listens = new Set(['onUpgradeChanged']);
  const mortalStore = mortal(store, (name, call) => (listens.has(name) ? call() : alive(call)));
  return { io: { ...io, hosts, http }, store: mortalStore, died };
}

function actOf(name: string, [, second]: readonly unknown[]): string {
  if (typeof second === 'string') return `${name} ${second}`;
  const { member, release, version } = second as { member?: string; release?: { version: string }; version?: string };
  return [name, member, release?.version ?? version].filter((word) => word !== undefined).join(' ');
}

/** Objects of a rewriting are many: they are one act here. */
function changeOf({ method, url }: HttpRequest): string | null {
  if (method === 'PUT') return 'PUT objects';
  if (/transfer-leadership/.test(url)) return 'move the leader of etcd';
  return null;
}
