import { type KubeObject, listOf, resourceKey } from '../world/index.ts';
import type { Choice } from './choose.ts';
import type { ApiResponse, Ask } from './message.ts';
import { badRequest, expired, ok } from './status.ts';
import { asTable, wantsTable } from './table.ts';
import type { Target } from './target.ts';

interface Next {
  /** Version of the first page. */
  readonly rv: number;
  /** Place in the order that the next page begins behind. */
  readonly after: string;
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** A list, or a page of one. A later page shows what is there now, behind the last of the page before. */
export function answerList(ask: Ask, target: Target, choice: Choice): ApiResponse {
  const { world, request } = ask;
  const { query } = request;
  const limit = Number(query.get('limit') ?? 0);
  const text = query.get('continue') ?? '';
  const next = text === '' ? null : nextOf(text);
  if (text !== '' && next === null)
    return badRequest('invalid continue token: continue key is not valid: the token is malformed');
  if (next !== null && next.rv < world.compacted) return expired(tooOld);
  const asked = query.get('resourceVersion') ?? '';
  if (next === null && query.get('resourceVersionMatch') === 'Exact' && Number(asked) < world.compacted)
    return expired(`The resourceVersion for the provided list is too old.`);
  const place = ({ metadata: { namespace = '', name } }: KubeObject) => `${namespace}|${name}`;
  const all = listOf(world, resourceKey(target.type), target.namespace)
    .map(({ object }) => object)
    .filter((object) => (target.name === '' || object.metadata.name === target.name) && choice(object))
    .filter((object) => next === null || place(object) > next.after);
  const page = limit > 0 ? all.slice(0, limit) : all;
  const last = page.at(-1);
  const rv = next?.rv ?? world.revision;
  const more = last !== undefined && page.length < all.length;
  // How many more are chosen is not counted.
  const selected = (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
  const metadata = {
    resourceVersion: String(rv),
    ...(more
      ? { continue: tokenOf({ rv, after: place(last) }), ...(selected ? {} : { remainingItemCount: all.length - page.length }) }
      : {}),
  };
  if (wantsTable(ask)) return ok(asTable(ask, target, page, metadata));
  const items = page.map(({ apiVersion: _, kind: __, ...rest }) => rest);
  return ok({
    kind: `${target.type.kind}List`,
    apiVersion: target.groupVersion,
    metadata,
    items: target.type.custom === true ? page : items,
  });
}

function tokenOf(next: Next): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...next })).toString('base64url');
}

function nextOf(text: string): Next | null {
  try {
    const { rv, after } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Next>;
    return typeof rv === 'number' && typeof after === 'string' ? { rv, after } : null;
  } catch {
    return null;
  }
}
