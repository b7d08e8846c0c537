/** One message of a stream of server-sent events. A heartbeat is a comment: it carries nothing but proves life. */
export type StreamMessage =
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'message'; readonly id: string | null; readonly event: string; readonly data: string };

/** Reads messages as the HTML standard has them; ends when the stream does. */
export async function* readServerSentEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: Fields = nothing;
  for await (const chunk of stream) {
    // A carriage return at the very end may be half of a line end: it is kept for the next chunk.
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?=[^\n])/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith(':')) yield { kind: 'heartbeat' };
      else if (line !== '') fields = withField(fields, line);
      else {
        if (fields.data !== null) yield { kind: 'message', id: fields.id, event: fields.event, data: fields.data };
        fields = { ...nothing, id: fields.id };
      }
    }
  }
}

interface Fields {
  readonly id: string | null;
  readonly event: string;
  readonly data: string | null;
}

const nothing: Fields = { id: null, event: 'message', data: null };

function withField(fields: Fields, line: string): Fields {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  if (value === undefined) return fields;
  if (name === 'id') return { ...fields, id: value };
  if (name === 'event') return { ...fields, event: value };
  if (name === 'data') return { ...fields, data: fields.data === null ? value : `${fields.data}\n${value}` };
  return fields;
}
