import type { ApiResponse, Ask } from './message.ts';
import { status } from './status.ts';

export function handle(ask: Ask): ApiResponse {
  return status(404, 'NotFound', 'the server could not find the requested resource', { path: ask.request.path });
}
