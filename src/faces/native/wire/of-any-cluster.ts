import { Type } from 'typebox';

export const Name = Type.String({ minLength: 1, maxLength: 128, pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
export const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
export const Region = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });
export const Description = Type.String({ maxLength: 1_024 });

const tagsMax = 50;

export const Tags = Type.Record(Type.String({ pattern: '^.{1,128}$' }), Type.String({ maxLength: 256 }), {
  maxProperties: tagsMax,
  additionalProperties: false,
});
