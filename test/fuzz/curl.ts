import type { Sendable } from './request.ts';

/** Lines for a shell that send the very same bytes again. Signatures last a few minutes; the seed makes a fresh one. */
export function curlLine(port: number, { bytes }: Pick<Sendable, 'bytes'>): string {
  const shown = bytes.length > 4_000 ? bytes.subarray(0, 4_000) : bytes;
  const text = [...shown]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
  const cut = shown.length < bytes.length ? ` # ${bytes.length - shown.length} bytes more` : '';
  return `printf '%b' '${text}' | curl -s -i telnet://127.0.0.1:${port}${cut}`;
}
