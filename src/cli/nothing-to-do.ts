import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import type { Session } from './session.ts';

const AlreadyThere = Type.Object({ because: Type.Literal('already-there') });

/** A cluster that runs the wanted release already is no error: whoever asks twice gets what was asked for. */
export async function unlessAlreadyThere(session: Session, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || !Check(AlreadyThere, error.answer?.details)) throw error;
    await session.print({ nothingToDo: error.message }, ({ nothingToDo }) => `${nothingToDo}\n`);
    return exitCodes.ok;
  }
}
