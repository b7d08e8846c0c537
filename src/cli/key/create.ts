import type { Command } from 'commander';
import { NewKey } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly description: string;
  readonly policy?: string;
}

export function addKeyCreate(key: Command, run: Run): void {
  key
    .command('create')
    .summary('Make an access key')
    .description('Make an access key. Its secret is shown this once and never again.')
    .option('--description <text>', 'whom or what it is for', '')
    .option('--policy <file>', 'what it may do, a policy in JSON; - reads from standard input')
    .addHelpText('after', help)
    .action(run<[Options]>(create));
}

async function create({ api, print, shell }: Session, { description, policy: file }: Options) {
  const policy = file === undefined ? {} : { policy: readPolicy(await readInputFile(shell, file), file) };
  await print(
    await api.post('/keys', { description, ...policy }, NewKey),
    ({ key }) => `The access key was made. Its secret is shown now and never again:

  export CLUSTERLIFT_ACCESS_KEY_ID=${key.id}
  export CLUSTERLIFT_SECRET_ACCESS_KEY=${key.secret}
`,
  );
  return exitCodes.ok;
}

/** What it means is the server's business. */
function readPolicy(text: string, file: string): unknown {
  const name = file === '-' ? 'Standard input' : file;
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw new Failure(exitCodes.usage, `${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // To the server null is no policy, and the key would be one that may do everything.
  if (policy === null) throw new Failure(exitCodes.usage, `${name} is not a policy.`);
  return policy;
}

const help = `
A policy, in the spelling of IAM; without one the key may do what the key that calls may do:

  {
    "Statement": [
      { "Effect": "Allow", "Action": ["eks:Describe*", "eks:UpdateClusterVersion"], "Resource": "cluster/prod-*" },
      { "Effect": "Allow", "Action": "elasticsearch:UpgradeEngineVersion", "Resource": "instances/es-cn-1" },
      { "Effect": "Allow", "Action": "clusterlift:*", "Resource": "cluster/logs" }
    ]
  }
${examples('clusterlift key create --description "terraform"', 'clusterlift key create --policy prod.json')}`;
