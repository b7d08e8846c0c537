import { Type } from 'typebox';
import { Instant, KeyId, named, oneOf, orNull, ref } from './common.ts';

const seq = '^[1-9][0-9]{0,14}$';

export const AuditEntry = named(
  'AuditEntry',
  Type.Object(
    {
      id: Type.String({ pattern: seq, description: 'Rises with every entry.' }),
      at: Instant,
      keyId: KeyId,
      via: oneOf(['key', 'session'], 'A session is that of somebody who signed in to the console.'),
      face: oneOf(['native', 'aliyun', 'eks'], 'The API that was called.'),
      action: Type.String({ description: 'As policies name it: `clusterlift:StartUpgrade`, `eks:UpdateClusterVersion`.' }),
      about: Type.String({ description: '`cluster/es-cn-1`, an ARN; `*` where it has no name.' }),
      made: orNull(Type.String({ description: 'What was made by it, a path of this API: `/upgrades/8a1f6a8e-...`.' })),
      status: Type.Integer({ description: 'Of HTTP.' }),
      code: orNull(Type.String({ description: 'Of the error, in the words of its API; null where it went well.' })),
      requestId: Type.String({ description: 'As the answer had it in its header.' }),
      address: Type.String({ description: 'Where the connection came from.' }),
    },
    { description: 'One call that changed something, or was to.' },
  ),
);

export const AuditList = Type.Object({
  entries: Type.Array(ref(AuditEntry), { description: 'Newest first.' }),
  next: orNull(Type.String({ description: 'Ask for what comes after these with `before` set to it; null at the end.' })),
});

export const AuditQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  before: Type.Optional(Type.String({ pattern: seq, description: '`next` of the page before.' })),
});
