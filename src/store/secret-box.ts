import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretBox } from '../domain/index.ts';
import { readOrCreateFile } from './secret-file.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** Names the form, so that another may come beside it. */
const prefix = 'v1:';
/** Texts that were opened are kept: a text never opens to anything else, and most are asked for again and again. */
const keptMax = 2_000;

/** AES-256-GCM; every seal has a nonce of its own. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== keyBytes) throw new Error(`the key that seals secrets must have ${keyBytes} bytes`);
  const kept = new Map<string, string>();
  return {
    seal: (plain) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (text) => {
      const known = kept.get(text);
      if (known !== undefined) return known;
      const body = text.startsWith(prefix) ? text.slice(prefix.length) : '';
      const bytes = Buffer.from(body, 'base64url');
      // Decoding skips what it does not know: only the very text that was sealed is opened.
      if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== body)
        throw new Error('a sealed secret has an unknown form');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const sealed = bytes.subarray(nonceBytes + tagBytes);
      try {
        const plain = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
        if (kept.size >= keptMax) kept.clear();
        kept.set(text, plain);
        return plain;
      } catch (cause) {
        throw new Error('a sealed secret was changed, or sealed with another key than this server has', {
          cause,
        });
      }
    },
  };
}

/** The key that lies in a file; made where there is none, readable by its owner alone. */
export async function readOrMakeSecretKey(file: string): Promise<Buffer> {
  const text = await readOrCreateFile(file, () => randomBytes(keyBytes).toString('hex'));
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} does not hold a key (64 characters of 0-9 and a-f)`);
  return Buffer.from(text, 'hex');
}
