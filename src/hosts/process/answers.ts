import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';

const answerTimeoutMs = 2_000;

/**
 * Whether anybody answers HTTP there. Who it is does not matter here: any status counts, any certificate, and the word that
 * it answers only whom it knows by a certificate.
 */
export function answers(url: string): Promise<boolean> {
  const get = url.startsWith('https:') ? getTls : getPlain;
  return new Promise((resolve) => {
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(answerTimeoutMs) } as const;
    const asked = get(url, options, (response) => {
      response.destroy();
      resolve(true);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      asked.destroy();
      resolve(error.code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    });
  });
}
