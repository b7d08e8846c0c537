import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { SecretBox } from '../domain/index.ts';
import { readOrCreateFile } from './secret-file.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';

/** AES-256-GCM; every seal has a nonce of its own. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== keyBytes) throw new Error(`the key that seals secrets must have ${keyBytes} bytes`);
  return {
    seal: (plain) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [version, Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')].join(':');
    },
    open: (text) => {
      const [prefix, body] = text.split(':');
      if (prefix !== version || body === undefined) throw new Error('a sealed secret has an unknown form');
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const sealed = bytes.subarray(nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
    },
  };
}

/** The key of a state folder; made at the first start, readable by its owner alone. */
export async function readOrMakeSecretKey(stateDir: string): Promise<Buffer> {
  const text = await readOrCreateFile(join(stateDir, 'secret.key'), () => randomBytes(keyBytes).toString('hex'));
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('the file secret.key of the state folder does not hold a key');
  return Buffer.from(text, 'hex');
}
