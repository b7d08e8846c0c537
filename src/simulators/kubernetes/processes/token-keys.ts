/** The keys of a launch that tokens of service accounts are signed with. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { TokenKeys } from '../world/index.ts';
import { fileOf } from './command.ts';
import type { Process } from './room.ts';

/** Null: the launch has none, or what it has cannot be read. */
export function tokenKeysOf({ launch, command }: Pick<Process, 'launch' | 'command'>, wallMs: () => number): TokenKeys | null {
  const file = fileOf(launch, 'conf/sa.key');
  const issuer = command.flags.get('service-account-issuer');
  if (file === undefined || issuer === undefined) return null;
  const key = keyIn(file);
  return key === null ? null : keysOf(key, issuer, wallMs);
}

function keyIn(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function keysOf(key: KeyObject, issuer: string, wallMs: () => number): TokenKeys {
  const open = createPublicKey(key);
  const alg = key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';
  const dsaEncoding = 'ieee-p1363' as const;
  const kid = createHash('sha256')
    .update(open.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return {
    issuer,
    nowSeconds: () => Math.floor(wallMs() / 1_000),
    sign: (claims) => {
      const text = `${inBase64({ alg, kid })}.${inBase64(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding }).toString('base64url')}`;
    },
    read: (token) => {
      const [header = '', claims = '', signature = ''] = token.split('.');
      const right = verify(
        'sha256',
        Buffer.from(`${header}.${claims}`),
        { key: open, dsaEncoding },
        Buffer.from(signature, 'base64url'),
      );
      return right ? (JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>) : null;
    },
  };
}

function inBase64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
