/** The cookie that a browser shows for a session, and what else a request must bring that it carries. */
import type { FastifyRequest } from 'fastify';

const cookieName = 'clusterlift_session';
/** Sent by the console with every request. A page of another origin cannot add it without being asked about first, and is refused then. */
export const consoleHeader = 'x-clusterlift-console';

type Asked = Pick<FastifyRequest, 'headers' | 'method' | 'protocol'>;

/** The first of that name that can be one of ours. */
export function sessionTokenOf({ headers }: Pick<Asked, 'headers'>): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value = ''] = pair.split('=', 2).map((part) => part.trim());
    if (name === cookieName && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return undefined;
}

export function isFromConsole({ headers }: Pick<Asked, 'headers'>): boolean {
  return headers[consoleHeader] === '1';
}

/** Browsers add a cookie to whatever any page sends here; that our own page sent it is for us to see. */
export function mayCarrySession(request: Asked): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads || (isFromConsole(request) && isOfOwnOrigin(request));
}

/** Whoever stands before us and ends TLS keeps the host, not the scheme. A client that is no browser names no origin. */
export function isOfOwnOrigin({ headers: { origin, host } }: Pick<Asked, 'headers'>): boolean {
  if (origin === undefined) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Without `token`: it is taken back. */
export function sessionCookie(request: Asked, token: string | null, maxAgeSeconds: number): string {
  const overTls = request.protocol === 'https' || request.headers.origin?.startsWith('https://') === true;
  const value = token === null ? [`${cookieName}=`, 'Max-Age=0'] : [`${cookieName}=${token}`, `Max-Age=${maxAgeSeconds}`];
  return [...value, 'Path=/', 'HttpOnly', 'SameSite=Strict', ...(overTls ? ['Secure'] : [])].join('; ');
}
