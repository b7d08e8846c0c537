import os from 'node:os';
import process from 'node:process';
import { type RehearseParts, rehearse } from '../../control/index.ts';
import { elasticsearchEngine } from '../../engines/elasticsearch/index.ts';
import { elasticsearchRehearsals } from '../../simulators/elasticsearch/index.ts';
import type { FromRehearsal, ToRehearsal } from './messages.ts';

/** The process of one rehearsal. It ends with its report, or with the server that asked for it. */
export async function runRehearsal(): Promise<void> {
  const enough = new AbortController();
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToRehearsal) => {
    if (message.kind === 'enough') enough.abort();
    else void answer(message, enough.signal);
  });
  tell({ kind: 'ready' });
}

async function answer({ job, catalog }: Extract<ToRehearsal, { kind: 'rehearse' }>, signal: AbortSignal): Promise<void> {
  const parts: RehearseParts = {
    engines: { elasticsearch: { engine: elasticsearchEngine, catalog } },
    io: { certificates: { authority: none, issue: none, signingKeys: none } },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    rehearsals: elasticsearchRehearsals,
  };
  try {
    const report = await rehearse(parts, job, { signal, onRun: (made, of) => tell({ kind: 'run', made, of }) });
    tell({ kind: 'report', report });
  } catch (error) {
    tell({ kind: 'failed', because: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function tell(message: FromRehearsal): void {
  process.send?.(message);
}

const silent = () => undefined;
const none = () => Promise.reject(new Error('a rehearsal makes no certificates'));
