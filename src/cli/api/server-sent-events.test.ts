import { expect, test } from 'vitest';
import { readServerSentEvents, type StreamMessage } from './server-sent-events.ts';

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<readonly StreamMessage[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk));
  const messages: StreamMessage[] = [];
  for await (const message of readServerSentEvents(streamOf(bytes))) messages.push(message);
  return messages;
}

async function* streamOf(chunks: readonly Uint8Array[]) {
  yield* chunks;
}

const message = (data: string, event = 'message', id: string | null = null): StreamMessage => ({
  kind: 'message',
  id,
  event,
  data,
});

test('a message has its id, its event and its data', async () => {
  expect(await read('id: 7\nevent: acting\ndata: {"seq":7}\n\n')).toEqual([message('{"seq":7}', 'acting', '7')]);
});

test('it does not matter where the stream is cut', async () => {
  const text = 'id: 7\r\nevent: acting\r\ndata: zwölf 節點\r\n\r\n: still here\r\n\r\nid: 8\ndata: b\n\n';
  const bytes = new TextEncoder().encode(text);
  const whole = await read(text);
  expect(whole).toEqual([message('zwölf 節點', 'acting', '7'), { kind: 'heartbeat' }, message('b', 'message', '8')]);
  for (let at = 1; at < bytes.length; at += 1) expect(await read(bytes.slice(0, at), bytes.slice(at))).toEqual(whole);
});

test('data over several lines is one text', async () => {
  expect(await read('data: a\ndata:b\ndata\n\n')).toEqual([message('a\nb\n')]);
});

test('fields that are not known, and messages without data, are passed over', async () => {
  expect(await read('retry: 1000\n\nevent: ping\n\ndata: a\n\n')).toEqual([message('a')]);
});

test('a message that is cut off at the end is none', async () => {
  expect(await read('data: a\n\ndata: half')).toEqual([message('a')]);
});
