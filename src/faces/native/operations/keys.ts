import { Type } from 'typebox';
import type { AccessKey } from '../../../domain/index.ts';
import { created, ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { KeyId, KeyList, NewKey, NewKeyAnswer, RevokedAnswer } from '../wire/index.ts';

const listKeys = operation({
  id: 'listKeys',
  tag: 'keys',
  method: 'GET',
  path: '/keys',
  summary: 'The access keys of your account, without their secrets',
  answers: { 200: { description: 'The keys.', schema: KeyList } },
  run: async ({ control }, { caller }) => ok({ keys: (await control.listKeys(caller)).map(keyWire) }),
});

const createKey = operation({
  id: 'createKey',
  tag: 'keys',
  method: 'POST',
  path: '/keys',
  summary: 'A new access key of your account',
  description: 'Its secret is in this answer and in no other: keep it now.',
  body: NewKey,
  bodyOptional: true,
  answers: { 201: { description: 'The key with its secret.', schema: NewKeyAnswer } },
  run: async ({ control }, { caller, body }) => {
    const key = await control.createKey(caller, body.description ?? '');
    return created({ key: { ...keyWire(key), secret: key.secret } });
  },
});

const revokeKey = operation({
  id: 'revokeKey',
  tag: 'keys',
  method: 'DELETE',
  path: '/keys/:keyId',
  summary: 'Revoke an access key',
  params: Type.Object({ keyId: KeyId }),
  answers: { 200: { description: 'It opens nothing any more.', schema: RevokedAnswer } },
  errors: ['last-active-key'],
  run: async ({ control }, { caller, params }) => {
    const ended = await control.revokeKey(caller, params.keyId);
    if (ended === 'not-found') return notFound('key', params.keyId);
    if (ended === 'revoked') return ok({ revoked: true });
    return fail('last-active-key', 'It is the last active key: without it nobody could call.', {
      remedy: 'Make another key first.',
    });
  },
});

function keyWire({ id, account, description, status, createdAt }: Omit<AccessKey, 'secret'>) {
  return { id, account, description, status, createdAt };
}

export const keyOperations: readonly Operation[] = [listKeys, createKey, revokeKey];
