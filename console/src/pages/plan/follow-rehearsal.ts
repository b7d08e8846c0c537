/** A rehearsal takes seconds to minutes: its answer is a stream that tells of each run, and at last has the report. */
import { createParser } from 'eventsource-parser';
import { consoleHeader, failureOf, noAnswer } from '../../api/client.ts';
import { ApiFailure, addressOf, type Rehearsal } from '../../api/index.ts';

export interface RehearsalWishes {
  readonly clusterId: string;
  readonly to: { readonly version: string; readonly build: string | null };
}

export async function followRehearsal(
  { clusterId, to }: RehearsalWishes,
  signal: AbortSignal,
  onRun: (made: number, of: number) => void,
): Promise<Rehearsal> {
  const response = await fetch(addressOf(`/clusters/${encodeURIComponent(clusterId)}/rehearsals`), {
    method: 'POST',
    headers: { ...consoleHeader, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ to }),
    signal,
  });
  if (!response.ok) throw await failureOf(response);
  if (response.body === null) throw noAnswer();
  let report: Rehearsal | null = null;
  let failure: ApiFailure | null = null;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const told = JSON.parse(data);
      if (event === 'run') onRun(told.made, told.of);
      else if (event === 'report') report = told;
      else if (event === 'failed') failure = new ApiFailure(response.status, told.error);
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parser.feed(value);
  }
  if (failure !== null) throw failure;
  if (report === null) throw noAnswer();
  return report;
}
