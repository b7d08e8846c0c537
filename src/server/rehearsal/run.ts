import os from 'node:os';
import process from 'node:process';
import { rehearse } from '../../control/index.ts';
import { elasticsearchRehearsal, kubernetesRehearsal } from './engines.ts';
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

async function answer(asked: Extract<ToRehearsal, { kind: 'rehearse' }>, signal: AbortSignal): Promise<void> {
  try {
    const prepare = asked.job.cluster.engine === 'kubernetes' ? kubernetesRehearsal : elasticsearchRehearsal;
    const { parts, job } = await prepare(asked.job, asked.catalog);
    const report = await rehearse(parts, job, { signal, onRun: (made, of) => tell({ kind: 'run', made, of }) });
    tell({ kind: 'report', report });
  } catch (error) {
    tell({ kind: 'failed', because: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function tell(message: FromRehearsal): void {
  process.send?.(message);
}
