import type { Command } from 'commander';
import { follow } from '../api/follow.ts';
import type { UpgradeEvent } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { findNameOf, findUpgrade } from '../find.ts';
import { renderEnd, renderEvent } from '../output/upgrade.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import { isForPeople, type Session, serialized } from '../session.ts';
import { canBeLive, liveView } from './live.ts';
import { upgradeArgument } from './wish.ts';

export function addUpgradeWatch(upgrade: Command, run: Run): void {
  upgrade
    .command('watch')
    .summary('Watch an upgrade to its end')
    .description(
      'Watch an upgrade to its end, one line an event; on a terminal, each member, what it waits for and the time it takes ' +
        'are shown below them. A restart of the server is ridden out.',
    )
    .argument('<upgrade>', upgradeArgument)
    .addHelpText(
      'after',
      `
Ends with the upgrade: 0 done, 4 stopped for a person, 5 paused, at a gate or cancelled. Ctrl-C ends the watching, not the upgrade.
With --output json each event is one line, and the last line is { "end": the upgrade }.
${examples('clusterlift upgrade watch logs')}`,
    )
    .action(run<[string, object]>(watch));
}

async function watch(session: Session, idOrCluster: string): Promise<ExitCode> {
  const upgrade = await findUpgrade(session, idOrCluster);
  const name = await findNameOf(session, upgrade.clusterId);
  return watchToItsEnd(session, upgrade.id, name);
}

export async function watchToItsEnd(session: Session, upgradeId: string, clusterName: string): Promise<ExitCode> {
  const { shell, paint, output } = session;
  const stop = new AbortController();
  const live = canBeLive(session) ? liveView(session, upgradeId, clusterName) : null;
  const note = (text: string) => (live === null ? session.note(text) : live.note(text));
  const forgetInterrupt = shell.onInterrupt(() => stop.abort());
  // Events arrive faster than they are written only where writing waits for nothing: one after the other.
  let written: Promise<void> = Promise.resolve();
  const write = (text: () => string | Promise<string>) => {
    written = written.then(async () => shell.out.write(await text()));
  };
  const writeEvent = (event: UpgradeEvent) =>
    live !== null
      ? live.event(event, renderEvent(paint, printable(event)))
      : write(() => (isForPeople(output) ? renderEvent(paint, printable(event)) : serialized(event, output, 'lines')));
  try {
    const ended = await follow(session.api, shell, {
      upgradeId,
      onEvent: writeEvent,
      onBroken: (because) => note(`The connection is lost (${because}); the upgrade does not need it. Trying again.`),
      onHolding: () => note('The connection is back.'),
      stopped: stop.signal,
    });
    await live?.end();
    if (ended === null) {
      session.note(`Watching has ended, the upgrade goes on. Watch it again: clusterlift upgrade watch ${upgradeId}`);
      return exitCodes.interrupted;
    }
    write(() =>
      isForPeople(output)
        ? `\n${renderEnd(paint, printable(ended), printable(clusterName))}`
        : serialized({ end: ended }, output, 'lines'),
    );
    return exitCodeOf(ended.status);
  } finally {
    forgetInterrupt();
    await live?.end();
    await written;
  }
}

function exitCodeOf(status: string): ExitCode {
  if (status === 'done') return exitCodes.ok;
  return status === 'stopped' ? exitCodes.stopped : exitCodes.endedOtherwise;
}
