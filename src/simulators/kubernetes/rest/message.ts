import type { ApiserverProcess, KubeObject, Moment, World } from '../world/index.ts';

export interface ApiRequest {
  readonly method: string;
  /** With its slash, not decoded: `/api/v1/nodes`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `system:anonymous` for somebody who showed nothing. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Empty where there is none. */
  readonly body: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export type ApiResponse =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** `content-type` among them. */
      readonly headers: Readonly<Record<string, string>>;
      /** A string goes out as it is, else JSON. */
      readonly body: unknown;
    }
  | {
      /** 200, and each event a line of JSON, until it ends or the caller goes. */
      readonly kind: 'watch';
      readonly headers: Readonly<Record<string, string>>;
      /** Begins: what is told already is sent at once, `end` is called when the server ends it. Returns how to leave. */
      readonly open: (send: (event: WatchEvent) => void, end: () => void) => () => void;
    };

/** A request being answered. */
export interface Ask {
  readonly world: World;
  readonly apiserver: ApiserverProcess;
  readonly request: ApiRequest;
  readonly moment: Moment;
}

export type Body = KubeObject | Readonly<Record<string, unknown>>;
