import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followEvents, type StreamState } from './event-stream.ts';

const waitMs = { timeout: 60_000 };

interface Asked {
  readonly path: string;
  readonly lastId: string | undefined;
  readonly isClosed: () => boolean;
}
type Answering = (signal: AbortSignal) => Response;

/** What the first, the second request is answered with; the last one again and again. */
let answers: readonly Answering[];
let requests: Asked[];
let streams: { close(): void }[];
const tab = Object.assign(new EventTarget(), { visibilityState: 'visible' });

vi.stubGlobal('document', tab);
vi.stubGlobal('fetch', async (path: string, { headers, signal }: { headers: Record<string, string>; signal: AbortSignal }) => {
  requests.push({ path, lastId: headers['last-event-id'], isClosed: () => signal.aborted });
  const answer = answers[Math.min(requests.length, answers.length) - 1];
  if (answer === undefined) throw new TypeError('nothing listens there');
  return answer(signal);
});

beforeEach(() => {
  answers = [];
  requests = [];
  streams = [];
  tab.visibilityState = 'visible';
});
afterEach(() => {
  for (const stream of streams) stream.close();
});

/** An answer that goes on until the client goes away, or ends there. */
const sends =
  (text: string, isLast = false): Answering =>
  (signal) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(text));
        if (isLast) controller.close();
        else signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
const refuses =
  (status: number): Answering =>
  () =>
    Response.json({ error: { code: 'code', says: 'It says so.' } }, { status });

function follow(endsWith?: string) {
  const events: unknown[] = [];
  const states: StreamState[] = [];
  const stream = followEvents({
    path: '/upgrades/u/events',
    onEvent: ({ kind, id, data }) => events.push([kind, id, data]),
    onState: (state) => states.push(state),
    ...(endsWith === undefined ? {} : { endsWith }),
  });
  streams.push(stream);
  return { events, states };
}

describe('a stream of events', () => {
  it('goes on behind the last event when the connection was broken off', async () => {
    answers = [
      sends('retry: 1000\n\nid: 7\nevent: acted\ndata: {"n":7}\n\n: still here\n\n', true),
      sends('id: 8\nevent: acted\ndata: {"n":8}\n\n'),
    ];
    const { events, states } = follow();
    await vi.waitFor(() => expect(events).toHaveLength(2), waitMs);
    expect(events).toEqual([
      ['acted', '7', { n: 7 }],
      ['acted', '8', { n: 8 }],
    ]);
    expect(requests.map(({ path, lastId }) => [path, lastId])).toEqual([
      ['/api/v1/upgrades/u/events', undefined],
      ['/api/v1/upgrades/u/events', '7'],
    ]);
    expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'open']);
  });

  it('is over when the server says that it is', async () => {
    answers = [sends('event: end\ndata: {"status":"done"}\n\n')];
    const { events, states } = follow('end');
    await vi.waitFor(() => expect(states.at(-1)).toBe('ended'), waitMs);
    expect(events).toEqual([['end', null, { status: 'done' }]]);
    expect(requests.map(({ isClosed }) => isClosed())).toEqual([true]);
  });

  it('is tried again while the server cannot answer, and not when it refuses', async () => {
    answers = [refuses(503), refuses(500), refuses(404)];
    const { states } = follow();
    await vi.waitFor(() => expect(states.at(-1)).toBe('refused'), waitMs);
    expect(states).toEqual(['connecting', 'lost', 'connecting', 'lost', 'connecting', 'refused']);
  });

  it('is held only while somebody sees the page', async () => {
    answers = [sends('id: 3\nevent: acted\ndata: 3\n\n')];
    const { events } = follow();
    await vi.waitFor(() => expect(events).toHaveLength(1), waitMs);
    tab.visibilityState = 'hidden';
    tab.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(requests[0]?.isClosed()).toBe(true), waitMs);
    expect(requests).toHaveLength(1);
    tab.visibilityState = 'visible';
    tab.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(requests.map(({ lastId }) => lastId)).toEqual([undefined, '3']), waitMs);
  });
});
