/** Request number N of a face: the same for the same seed, but for its date. */
import { brokenSignatures } from './broken-signatures.ts';
import { buildRequest } from './build.ts';
import { type Chance, chanceOf } from './chance.ts';
import { mutationNames, mutations } from './mutations.ts';
import { bytesNames, type Pieces, randomBytes } from './random-bytes.ts';
import { bytesOf, type Plain, type Sendable } from './request.ts';
import type { Suite } from './suites.ts';
import { wholeMutations, wholeNames } from './whole-mutations.ts';

/** Of so many requests the last two are not validly signed: one has a broken signature, one is no request. */
const round = 25;

export type Made =
  | { readonly kind: 'request'; readonly sendable: (at: Date) => Sendable }
  | { readonly kind: 'bytes'; readonly sendable: Sendable; readonly pieces: Pieces };

export function makeRequest(suite: Suite, number: number): Made {
  const chance = chanceOf(suite.seed, suite.face, number);
  const place = number % round;
  if (place === round - 1) return madeOfBytes(suite, number, chance);
  const signedBefore = Math.floor(number / round) * (round - 2) + Math.min(place, round - 3);
  return place === round - 2 ? withBrokenSignature(suite, number, chance) : signed(suite, number, signedBefore, chance);
}

/** Goes through the targets again and again, each time with the next thing that can be wrong with one. */
function signed(suite: Suite, number: number, signedBefore: number, chance: Chance): Made {
  const at = signedBefore % suite.targets.length;
  const target = suite.targets[at];
  if (target === undefined) throw new Error('a face has operations');
  const turn = Math.floor(signedBefore / suite.targets.length) + at;
  const names = target.field === null ? wholeNames : mutationNames;
  const what = names[turn % names.length] ?? '';
  const mutation = mutations[what];
  const changed =
    target.field === null || mutation === undefined
      ? null
      : { target, change: (good: never, type: never) => mutation(good, type, chance) };
  const built = buildRequest(target.operation, { ...suite, chance }, changed as Parameters<typeof buildRequest>[2]);
  const also = target.field === null ? what : chance.happens(0.1) ? chance.pick(wholeNames) : 'nothing';
  const plain = wholeMutations[also]?.(built, chance) ?? built;
  const told = also === 'nothing' || also === what ? what : `${what}; ${also}`;
  const signatureChance = chanceOf(suite.seed, 'signature', number);
  return {
    kind: 'request',
    sendable: (date) =>
      sendable(suite, number, 'signed', target.id, told, suite.sign(plain, signing(suite, number, date), signatureChance)),
  };
}

function withBrokenSignature(suite: Suite, number: number, chance: Chance): Made {
  const operation = chance.pick(suite.targets).operation;
  const plain = buildRequest(operation, { ...suite, chance }, null);
  const what = chance.pick(Object.keys(brokenSignatures));
  const seed = chance.below(2 ** 30);
  return {
    kind: 'request',
    sendable: (date) => {
      const broken =
        brokenSignatures[what]?.(plain, suite.sign, signing(suite, number, date), chanceOf(seed, 'broken', number)) ?? plain;
      return sendable(suite, number, 'broken signature', operation.name, what, broken);
    },
  };
}

function madeOfBytes({ face, path }: Suite, number: number, chance: Chance): Made {
  const pieces = randomBytes(path, chance.pick(bytesNames), chance);
  const bytes = Buffer.concat(pieces.pieces);
  const said = { target: 'bytes', what: pieces.what, operation: null, method: '' };
  return { kind: 'bytes', pieces, sendable: { face, number, sort: 'random bytes', ...said, bytes } };
}

function signing({ keys, host, seed, face }: Suite, number: number, at: Date) {
  const key = keys[number % keys.length];
  if (key === undefined) throw new Error('somebody must sign');
  return { key, host, at, nonce: `${seed}-${face}-${number}-${at.getTime()}` };
}

function sendable({ face }: Suite, number: number, sort: Sendable['sort'], target: string, what: string, plain: Plain): Sendable {
  return { face, number, sort, target, what, operation: plain.operation, method: plain.method, bytes: bytesOf(plain) };
}
