/**
 * Server-sent events that outlive the server: a stream that ends or falls silent is opened again, from the event after the
 * last one that came. A page that nobody sees holds none: a browser gives one origin six connections for all of its tabs.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { apiRoot, consoleHeader, failureOf, noAnswer } from './client.ts';

/** The server sends something at least every 15 s, if only a comment; a stream that is silent for longer is dead. */
const silenceLimitMs = 40_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

export type StreamState = 'connecting' | 'open' | 'lost' | 'ended' | 'refused';

export interface StreamWishes {
  readonly path: string;
  /** Sent as `Last-Event-ID` when it is opened first. */
  readonly after?: string;
  readonly onEvent: (event: { readonly kind: string; readonly id: string | null; readonly data: unknown }) => void;
  /** `open` comes again after each interruption: what was missed meanwhile is to be read anew. */
  readonly onState: (state: StreamState) => void;
  /** The kind of event after which the server has nothing more to say. */
  readonly endsWith?: string;
}

/** Follows until it is closed, ended by the server's own word, or refused (nobody is signed in, or there is no such thing). */
export function followEvents(wishes: StreamWishes): { close(): void } {
  const closing = new AbortController();
  void follow(wishes, closing.signal);
  return { close: () => closing.abort() };
}

async function follow(wishes: StreamWishes, closed: AbortSignal): Promise<void> {
  let lastId = wishes.after ?? null;
  let pauseMs = firstPauseMs;
  const onMessage = ({ id, event, data }: EventSourceMessage): boolean => {
    if (closed.aborted) return true;
    if (id !== undefined) lastId = id;
    wishes.onEvent({ kind: event ?? 'message', id: id ?? null, data: parsed(data) });
    return event !== undefined && event === wishes.endsWith;
  };
  while (!closed.aborted) {
    await untilSeen(closed);
    if (closed.aborted) return;
    wishes.onState('connecting');
    const end = await readOnce(wishes, lastId, closed, onMessage, () => {
      pauseMs = firstPauseMs;
    });
    if (closed.aborted) return;
    wishes.onState(end);
    if (end === 'ended' || end === 'refused') return;
    await pause(pauseMs, closed);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function readOnce(
  { path, onState }: StreamWishes,
  lastId: string | null,
  closed: AbortSignal,
  onMessage: (message: EventSourceMessage) => boolean,
  onOpen: () => void,
): Promise<'lost' | 'ended' | 'refused'> {
  const ending = new AbortController();
  const hang = watchSilence(() => ending.abort());
  const stopWatching = whenHidden(() => ending.abort());
  try {
    const response = await fetch(`${apiRoot}${path}`, {
      headers: { ...consoleHeader, accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
      signal: AbortSignal.any([ending.signal, closed]),
    });
    if (!response.ok) return (await failureOf(response)).passing ? 'lost' : refusalOf(response.status);
    if (response.body === null) throw noAnswer();
    onOpen();
    onState('open');
    let ended = false;
    const parser = createParser({
      onEvent: (message) => {
        ended ||= onMessage(message);
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || ended) break;
      hang.heard();
      parser.feed(value);
      if (ended) break;
    }
    if (ended) ending.abort();
    return ended ? 'ended' : 'lost';
  } catch {
    return 'lost';
  } finally {
    hang.stop();
    stopWatching();
  }
}

/** A mistake of the server may be over in a moment; what it will not give us now it will not give us later either. */
function refusalOf(status: number): 'lost' | 'refused' {
  return status >= 500 || status === 429 ? 'lost' : 'refused';
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

function watchSilence(onSilence: () => void): { heard(): void; stop(): void } {
  let timer = setTimeout(onSilence, silenceLimitMs);
  return {
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(onSilence, silenceLimitMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function whenHidden(act: () => void): () => void {
  const look = () => {
    if (document.visibilityState === 'hidden') act();
  };
  document.addEventListener('visibilitychange', look);
  return () => document.removeEventListener('visibilitychange', look);
}

function untilSeen(closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === 'hidden' && !closed.aborted) return;
      document.removeEventListener('visibilitychange', look);
      closed.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    closed.addEventListener('abort', look);
    look();
  });
}

function pause(forMs: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      closed.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, forMs);
    closed.addEventListener('abort', end);
  });
}
