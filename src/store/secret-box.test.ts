import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretBox, readOrMakeSecretKey } from './secret-box.ts';

const box = createSecretBox(randomBytes(32));

describe('the secret box', () => {
  it('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        expect(box.open(box.seal(plain))).toBe(plain);
      }),
    );
  });

  it('never shows what it sealed, and never seals twice alike', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (plain) => {
        const sealed = box.seal(plain);
        expect(Buffer.from(sealed.slice(3), 'base64url').includes(Buffer.from(plain))).toBe(false);
        expect(sealed).not.toContain(plain);
        expect(box.seal(plain)).not.toBe(sealed);
      }),
    );
  });

  it('refuses a text of which any character was changed, added or taken', () => {
    const character = fc.constantFrom(...'abcXYZ019-_:=!. \n');
    fc.assert(
      fc.property(fc.string(), fc.nat(), character, fc.constantFrom('change', 'add', 'take'), (plain, where, other, how) => {
        const sealed = box.seal(plain);
        const at = where % sealed.length;
        const taken = how === 'add' ? 0 : 1;
        const changed = sealed.slice(0, at) + (how === 'take' ? '' : other) + sealed.slice(at + taken);
        fc.pre(changed !== sealed);
        expect(() => box.open(changed)).toThrow(/sealed secret/);
      }),
    );
  });

  it('refuses what another key sealed, without telling it', () => {
    const sealed = createSecretBox(randomBytes(32)).seal('the password');
    expect(() => box.open(sealed)).toThrow(/another key/);
    expect(() => box.open(sealed)).not.toThrow(/the password/);
  });

  it('refuses what was never sealed', () => {
    for (const text of ['', 'v1:', 'v2:AAAA', 'plain', 'v1:AAAA']) expect(() => box.open(text)).toThrow(/unknown form/);
  });

  it('wants a key of 32 bytes', () => {
    expect(() => createSecretBox(randomBytes(31))).toThrow(/32 bytes/);
  });
});

describe('the key in a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clusterlift-key-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is made once even when many ask at once, and only its owner can read it', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => readOrMakeSecretKey(join(folder, 'secret.key'))));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readOrMakeSecretKey(join(folder, 'secret.key'))).toEqual(keys[0]);
    expect(await readdir(folder)).toEqual(['secret.key']);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('is never replaced when its file was damaged', async () => {
    const damaged = await mkdtemp(join(folder, 'damaged-'));
    await writeFile(join(damaged, 'secret.key'), 'half a ke');
    await expect(readOrMakeSecretKey(join(damaged, 'secret.key'))).rejects.toThrow(/does not hold a key/);
  });
});
