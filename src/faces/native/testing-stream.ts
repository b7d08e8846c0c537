/** A client of server-sent events, as small as one can be, and waiting for conditions. */

export interface Frame {
  readonly id: string | null;
  readonly event: string | null;
  readonly data: string | null;
  /** A line that is for nobody but the connection. */
  readonly comment: string | null;
}

export interface Stream {
  readonly status: number;
  readonly contentType: string | null;
  /** The next frame; null at the end. */
  next(): Promise<Frame | null>;
  /** All frames up to the end. */
  rest(): Promise<readonly Frame[]>;
  leave(): void;
}

const deadlineMs = 15_000;

export async function openStream(url: string, headers: Readonly<Record<string, string>>): Promise<Stream> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, AbortSignal.timeout(deadlineMs)]);
  const response = await fetch(url, { headers, signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Frame | null> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        return frameOf(block);
      }
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return null;
      text += chunk.value;
    }
  };
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    next,
    rest: async () => {
      const frames: Frame[] = [];
      for (let frame = await next(); frame !== null; frame = await next()) frames.push(frame);
      return frames;
    },
    leave: () => left.abort(),
  };
}

function frameOf(block: string): Frame {
  const lines = block.split('\n');
  const field = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .replace(/^ /, '') ?? null;
  return { id: field('id'), event: field('event'), data: field('data'), comment: field('') };
}

/** Waits for a condition, with a deadline far beyond what it takes. */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
