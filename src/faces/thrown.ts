/** What faces make of something that was thrown on the way to an answer, before each says it in its own shape. */

/** The status that fastify gives a request that it could not read; 500 for what is our own fault. */
export function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
}

/** The database or a host is away: the same request may pass in a moment. */
export function isAway(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const says = error instanceof Error ? error.message : '';
  return (
    /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|53300|57P|08)/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect)/.test(says) ||
    / did not answer within \d+ ms$/.test(says)
  );
}
