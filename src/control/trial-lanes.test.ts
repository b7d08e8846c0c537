import { describe, expect, it } from 'vitest';
import { limits } from './limits.ts';
import { createLanes, type LaneJob } from './trial-lanes.ts';

interface Asked extends LaneJob {
  readonly question: string;
}

/** Lanes whose trials run until they are let go. */
function aServer(atOnce: Readonly<Record<string, number>>) {
  let nowMs = 0;
  const running = new Map<string, () => void>();
  const began: string[] = [];
  const gaveWay: string[] = [];
  const lanes = createLanes<Asked>({
    questionOf: (job) => job.question,
    atOnce: (host) => atOnce[host] ?? 1,
    nowMs: () => nowMs,
    run: (job, giveWay) => {
      began.push(job.question);
      return new Promise((resolve) => {
        running.set(job.question, resolve);
        giveWay.addEventListener('abort', () => {
          gaveWay.push(job.question);
          resolve();
        });
      });
    },
  });
  const ask = (question: string, urgency: Asked['urgency'] = 'now', host = 'h') => lanes.ask({ question, urgency, host });
  const end = async (question: string) => {
    running.get(question)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const later = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { ask, end, later, began, gaveWay, idle: lanes.idle };
}

describe('trials of a host', () => {
  it('run side by side up to its number, the rest in the order in which they were asked for', async () => {
    const server = aServer({ h: 2 });
    for (const question of ['a', 'b', 'c', 'd']) server.ask(question);
    expect(server.began).toEqual(['a', 'b']);
    await server.end('b');
    expect(server.began).toEqual(['a', 'b', 'c']);
    for (const question of ['a', 'c', 'd']) await server.end(question);
    await server.idle();
    expect(server.began).toEqual(['a', 'b', 'c', 'd']);
  });

  it('do not wait for those of another host', () => {
    const server = aServer({});
    server.ask('a', 'now', 'one');
    server.ask('b', 'now', 'other');
    expect(server.began).toEqual(['a', 'b']);
  });

  it('that do not come up hold up nobody after a minute, but no more than a few run beside each other', () => {
    const server = aServer({});
    for (const question of ['a', 'b', 'c', 'd']) server.ask(question);
    expect(server.began).toEqual(['a']);
    for (let round = 0; round < 5; round += 1) {
      server.later(limits.trialSlowMs);
      server.ask('d');
    }
    expect(server.began).toEqual(['a', 'b', 'c']);
    expect(server.began).toHaveLength(1 + limits.trialsSlowMax);
  });

  it('that nobody waits for make way one for each that somebody waits for, and only where there is no room', async () => {
    const server = aServer({ h: 3 });
    server.ask('a', 'ahead');
    server.ask('b', 'ahead');
    server.ask('urgent 1');
    expect(server.gaveWay).toEqual([]);
    server.ask('urgent 2');
    await server.end('a');
    expect(server.gaveWay).toEqual(['a']);
    expect(server.began).toEqual(['a', 'b', 'urgent 1', 'urgent 2']);
  });

  it('with the same question never run beside each other, whoever waits', async () => {
    const server = aServer({ h: 3 });
    server.ask('a', 'ahead');
    server.ask('a', 'now');
    server.ask('b', 'ahead');
    expect(server.began).toEqual(['a', 'b']);
    await server.end('a');
    expect(server.began).toEqual(['a', 'b', 'a']);
  });
});
