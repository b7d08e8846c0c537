/** Everything that can be wrong between the command line and the server, in sentences: what, why, what to do. */
import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Address } from './client.ts';
import { ErrorAnswer } from './wire.ts';

const otherAddress = 'Another address is given with --url or CLUSTERLIFT_URL.';

export const keyRemedy =
  'Set CLUSTERLIFT_ACCESS_KEY_ID (or --key-id) and CLUSTERLIFT_SECRET_ACCESS_KEY to a key of this server, or keep one: clusterlift login. ' +
  'The server shows its first key when it is started for the first time; `clusterlift key create` makes more.';

/** Nobody answered, or not to the end. */
export function unreachable(url: string, error: unknown): Failure {
  const code = codeOf(error);
  const fail = (says: string, remedy: string) =>
    new Failure(exitCodes.error, says, { remedy, answer: { code: 'connection-failed', details: code } });
  if (code === 'ECONNREFUSED')
    return fail(`Nothing listens at ${url}.`, `Is the server running? Start it with: clusterlift server. ${otherAddress}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return fail(`The host of ${url} is not known (${code}).`, `Check the name. ${otherAddress}`);
  if (code.includes('CERT') || code.includes('SIGNED') || code.includes('SIGNATURE') || code.includes('TLS'))
    return fail(
      `The certificate of ${url} is not trusted (${code}).`,
      'Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS.',
    );
  if (code === 'TimeoutError')
    return fail(`${url} took the request and did not answer it in time.`, 'See the log of the server, then try again.');
  return new Failure(exitCodes.error, `The connection to ${url} broke (${code}).`, {
    remedy: 'Is the server being restarted? Does it speak TLS (https://)? Try again.',
    answer: { code: 'connection-broken', details: code },
  });
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at.name === 'TimeoutError') return at.name;
    if (at.cause === undefined) return at.message;
  }
  return String(error);
}

/** Somebody answered who is not a Clusterlift server. */
export function notOurs(url: string, response: Response): Failure {
  const type = response.headers.get('content-type') ?? 'no content type';
  return new Failure(
    exitCodes.error,
    `What answers at ${url} is not the native API of a Clusterlift server (status ${response.status}, ${type}).`,
    { remedy: `Check the address. ${otherAddress}` },
  );
}

/** The server’s own words, and what to do where it leaves that to its client. */
export function refusal(address: Address, response: Response, answer: unknown): Failure {
  if (!Check(ErrorAnswer, answer)) return notOurs(address.url, response);
  const { code, says, remedy, details } = answer.error;
  const lines = linesOf(details);
  const failure = (sentence: string, whatToDo: string | null) =>
    new Failure(response.status === 400 ? exitCodes.usage : exitCodes.error, sentence, {
      details: lines,
      remedy: whatToDo,
      answer: { code, details },
    });
  if (response.status === 401)
    return failure(`${address.url} does not accept the access key ${address.keyId}. ${says}`, keyRemedy);
  if (Check(Unfinished, details))
    return failure(says, `${remedy ?? 'Let it end, or cancel it.'} See it: clusterlift upgrade show ${details.upgradeId}`);
  if (code === 'not-ready') return failure(says, remedy ?? 'See how far it is: clusterlift cluster list');
  // A sentence that is its own details is said once.
  return failure(lines.length > 0 && lines.join(' ') === says ? 'The server refuses it:' : says, remedy ?? null);
}

const Unfinished = Type.Object({ upgradeId: Type.String() });

/** `because` holds lines for a person; anything else in the details is for a program. */
const Because = Type.Object({ because: Type.Array(Type.String()) });

function linesOf(details: unknown): readonly string[] {
  return Check(Because, details) ? details.because : [];
}
