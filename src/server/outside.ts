/** The outside world as engines may use it, and what randomness the server has. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCertificates } from '../certificates/index.ts';
import type { Host, Http, MakerIo } from '../domain/index.ts';
import { askPlain } from './ask-plain.ts';
import { askTls } from './ask-tls.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const http: Http = async (asked) => {
  const { method, url, headers, body, timeoutMs, tls } = asked;
  if (new URL(url).protocol !== 'https:') return askPlain(asked);
  if (tls !== undefined) return askTls({ ...asked, tls });
  const response = await fetch(url, {
    method,
    headers: headers ?? {},
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: await response.text() };
};

let told = { ms: 0, text: '' };

export function now(): string {
  const ms = Date.now();
  // Many requests come within one millisecond.
  if (ms !== told.ms) told = { ms, text: new Date(ms).toISOString() };
  return told.text;
}

/** Resolves at once when the signal is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

export function engineIo(hosts: Readonly<Record<string, Host>>): MakerIo {
  // A host is named by whoever describes a cluster: `constructor` must be none.
  const known = (key: string) => (Object.hasOwn(hosts, key) ? hosts[key] : undefined);
  return { http, hosts: known, certificates: createCertificates(), now, pause };
}

export const newId = randomUUID;

export function newName(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** 256 bits: nobody guesses one. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url');
}
