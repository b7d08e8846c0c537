import type { Http } from '../../src/domain/index.ts';
import { http as honest } from '../../src/server/outside.ts';

/** What becomes of a request on its way. `lost-answer`: it arrives and is carried out, and its answer never comes. */
export type Disturbance =
  | { readonly kind: 'refused' | 'silent' | 'lost-answer' | 'cut-short' }
  | { readonly kind: 'answer'; readonly status: number; readonly body: string };

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly path: string;
}

export type Disturb = (asked: Asked) => Disturbance | null;

/** Between whoever asks and the simulated world: honest until a test disturbs it. Requests that were disturbed are counted. */
export class Network {
  readonly disturbed: Asked[] = [];
  #disturb: Disturb = () => null;

  /** From now on; null: honest again. */
  disturb(how: Disturb | null): void {
    this.#disturb = how ?? (() => null);
  }

  readonly http: Http = async (request) => {
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, url: request.url, path: `${pathname}${search}` };
    const disturbance = this.#disturb(asked);
    if (disturbance === null) return honest(request);
    this.disturbed.push(asked);
    switch (disturbance.kind) {
      case 'refused':
        throw new TypeError('fetch failed: connect ECONNREFUSED');
      case 'silent':
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      case 'lost-answer':
        await honest(request);
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      case 'cut-short': {
        const { status, body } = await honest(request);
        return { status, body: body.slice(0, Math.floor(body.length / 2)) };
      }
      case 'answer':
        return { status: disturbance.status, body: disturbance.body };
    }
  };
}
