import type { ServerResponse } from 'node:http';
import type { Upgrade, UpgradeEvent } from '../api/wire.ts';
import type { StubAnswer } from './stub-server.ts';

/** How a stream of the test goes on after its events. */
type Then = { readonly end: Upgrade } | 'close' | 'break' | 'stay';

/** The events of an upgrade as the API streams them, with a heartbeat between them. */
export function streamed(events: readonly UpgradeEvent[], then: Then): StubAnswer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 1000\n\n');
    for (const event of events) response.write(`${frame(event.kind, event, event.seq)}: still here\n\n`);
    goOn(response, then);
  };
}

function goOn(response: ServerResponse, then: Then): void {
  if (then === 'close') response.end();
  else if (then === 'break') setImmediate(() => response.destroy());
  else if (then !== 'stay') response.end(frame('end', then.end));
}

function frame(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
