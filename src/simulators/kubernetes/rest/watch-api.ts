import {
  type Change,
  changesSince,
  type KubeObject,
  listOf,
  resourceKey,
  schedule,
  unschedule,
  watchChanges,
} from '../world/index.ts';
import type { Choice } from './choose.ts';
import type { ApiResponse, Ask, WatchEvent } from './message.ts';
import { statusBody } from './status.ts';
import type { Target } from './target.ts';

/** A watch that names no end is ended after a while, as the real one does between half an hour and an hour. */
const longestMs = 45 * 60_000;
const bookmarkMs = 60_000;

/** Each change after a version, once and in order, as the selectors of the request see it. */
export function answerWatch(ask: Ask, target: Target, choice: Choice, shown: (object: KubeObject) => object): ApiResponse {
  const { world, apiserver, request, moment } = ask;
  const { query } = request;
  const resource = resourceKey(target.type);
  const from = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true' || from === '' || from === '0';
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const concerns = (object: KubeObject) =>
    choice(object) &&
    (target.namespace === '' || object.metadata.namespace === target.namespace) &&
    (target.name === '' || object.metadata.name === target.name);
  const open = (send: (event: WatchEvent) => void, end: () => void): (() => void) => {
    const tell = (change: Change) => {
      const event = change.resource === resource ? eventOf(change, concerns) : null;
      if (event !== null) send({ ...event, object: shown(event.object) });
    };
    const remembered = initial || Number(from) >= apiserver.remembersFrom;
    const past = initial ? [] : remembered ? changesSince(world, Number(from)) : null;
    if (past === null) {
      const message = `too old resource version: ${from} (${Math.max(world.compacted, apiserver.remembersFrom) + 1})`;
      send({ type: 'ERROR', object: statusBody(410, 'Expired', message) });
      end();
      return () => undefined;
    }
    if (initial) {
      for (const { object } of listOf(world, resource, target.namespace))
        if (concerns(object)) send({ type: 'ADDED', object: shown(object) });
      if (bookmarks && query.get('sendInitialEvents') === 'true') send(bookmark(ask, target, true));
    }
    for (const change of past) tell(change);
    world.watchesOpened += 1;
    const name = `watch ${world.watchesOpened}`;
    const leave = () => {
      stop();
      apiserver.watches.delete(watch);
      unschedule(world, `${name} ends`);
      unschedule(world, `${name} is marked`);
    };
    const watch = {
      tell,
      end: () => {
        leave();
        end();
      },
    };
    const stop = watchChanges(world, watch);
    apiserver.watches.add(watch);
    const atMs = moment.nowMs + (seconds > 0 ? seconds * 1_000 : longestMs);
    schedule(world, { atMs, name: `${name} ends`, happen: watch.end });
    const mark = (nowMs: number) =>
      schedule(world, {
        atMs: nowMs + bookmarkMs,
        name: `${name} is marked`,
        happen: (_, at) => {
          send(bookmark(ask, target, false));
          mark(at.nowMs);
        },
      });
    if (bookmarks) mark(moment.nowMs);
    return leave;
  };
  return { kind: 'watch', headers: { 'content-type': 'application/json' }, open };
}

/** An object that begins or ceases to be chosen is one more or one less to whoever chose. */
function eventOf(
  { type, object, before }: Change,
  concerns: Choice,
): { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject } | null {
  const was = before !== null && concerns(before);
  const is = type !== 'DELETED' && concerns(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return null;
  const gone = { ...before, metadata: { ...before.metadata, resourceVersion: object.metadata.resourceVersion ?? '' } };
  return { type: 'DELETED', object: gone };
}

function bookmark({ world }: Ask, { type, groupVersion }: Target, initial: boolean): WatchEvent {
  const annotations = initial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: String(world.revision), creationTimestamp: null, ...annotations };
  return { type: 'BOOKMARK', object: { kind: type.kind, apiVersion: groupVersion, metadata } };
}
