import type { Release } from '../domain/index.ts';

/** A request that changes something, held for a test at the points at which its sender may die. */
export interface HeldAct {
  /** `host.start`, `host.stop`, `host.prefetch`, `host.run`, `host.adopt`, `host.erase`, `rest.settings`, `rest.flush`, `rest.reroute`. */
  readonly what: string;
  /** Clusterlift's id for what hosts do, `cluster.name` for what a node is asked. */
  readonly cluster: string;
  readonly member: string | null;
  /** A version, or the settings that are put. */
  readonly detail: string;
  /** Of what a host does with a release. */
  readonly release?: Release;
}

/** `before`: arrived, nothing applied. `inside`: applied, not answered. `after`: answered. */
export type HoldPoint = 'before' | 'inside' | 'after';

/** Called at each point of each act, in order. `drop` (at `before` and `inside`) cuts the connection instead of going on. */
export type Hold = (act: HeldAct, point: HoldPoint) => Promise<'go-on' | 'drop'> | 'go-on' | 'drop';

/** Thrown through a handler whose request is dropped: nobody is answered. */
export class Dropped extends Error {
  constructor() {
    super('the request was dropped');
  }
}

export interface Gate {
  /** Performs an act between its points. What it returns carries `sent`, to be called once the answer has gone out. */
  pass<A extends object>(act: HeldAct, perform: () => Promise<A>): Promise<A & { readonly sent: () => Promise<void> }>;
}

export function createGate(hold: () => Hold | null): Gate {
  return {
    pass: async (act, perform) => {
      if ((await hold()?.(act, 'before')) === 'drop') throw new Dropped();
      const answer = await perform();
      if ((await hold()?.(act, 'inside')) === 'drop') throw new Dropped();
      const sent = async () => {
        await hold()?.(act, 'after');
      };
      return { ...answer, sent };
    },
  };
}
