import { Type } from 'typebox';
import type { AccessKey } from '../../../domain/index.ts';
import { created, ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { KeyId, KeyList, NewKey, NewKeyAnswer, RevokedAnswer } from '../wire/index.ts';

const listAccessKeys = operation({
  id: 'listAccessKeys',
  tag: 'keys',
  method: 'GET',
  path: '/keys',
  summary: 'The access keys of your account, without their secrets',
  answers: { 200: { description: 'The keys.', schema: KeyList } },
  run: async ({ control }, { caller }) => ok({ keys: (await control.listKeys(caller)).map(keyWire) }),
});

const createAccessKey = operation({
  id: 'createAccessKey',
  tag: 'keys',
  method: 'POST',
  path: '/keys',
  summary: 'A new access key of your account',
  description:
    'Its secret is in this answer and in no other: keep it now. Who may make keys may make one that may do everything.',
  body: NewKey,
  bodyOptional: true,
  answers: { 201: { description: 'The key with its secret.', schema: NewKeyAnswer } },
  run: async ({ control }, { caller, body }) => {
    const key = await control.createKey(caller, body.description ?? '', body.policy ?? null);
    return created({ key: { ...keyWire(key), secret: key.secret } });
  },
});

const revokeAccessKey = operation({
  id: 'revokeAccessKey',
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
    return fail('last-active-key', 'It is the last active key without a policy: without it nobody could do everything.', {
      remedy: 'Make another key first.',
    });
  },
});

function keyWire({ id, account, description, status, policy, createdAt }: Omit<AccessKey, 'secret'>) {
  return { id, account, description, status, policy, createdAt };
}

export const keyOperations: readonly Operation[] = [listAccessKeys, createAccessKey, revokeAccessKey];
