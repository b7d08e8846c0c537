import { Check } from 'typebox/schema';
import { Plan } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import type { Session } from '../session.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A plan of before: by its id from the server, else from a file that `plan --save` wrote. */
export async function earlierPlan({ api, shell }: Session, idOrFile: string): Promise<Plan> {
  if (uuid.test(idOrFile)) return api.get(`/plans/${idOrFile}`, Plan);
  const text = await readInputFile(shell, idOrFile);
  try {
    const plan: unknown = JSON.parse(text);
    if (Check(Plan, plan)) return plan as Plan;
  } catch {
    // Told below, like JSON that is no plan.
  }
  throw new Failure(exitCodes.usage, `${idOrFile} does not hold a plan as \`clusterlift plan --save\` writes it.`);
}
