import type { Call } from '../call.ts';
import { queryValue } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { shown } from '../text.ts';
import { type UpgradeType, upgradeTypes } from '../translate/version.ts';
import { clientTokenOf, dryRunOf, isError, textOf } from './parameters.ts';

export interface UpgradeRequest {
  readonly dryRun: boolean;
  readonly clientToken: string | null;
  readonly version: string | null;
  readonly type: UpgradeType;
  /** Accepted and recorded; every upgrade is done in place. */
  readonly updateStrategy: string | null;
  /** Accepted and recorded; plugins come with a build. */
  readonly plugins: readonly unknown[];
}

const strategies = ['blue_green', 'normal', 'intelligent'];

export function readUpgradeRequest(call: Call): UpgradeRequest | ApiError {
  if (call.body.list !== null) return fail('InvalidParameter', 'The body must be a JSON object.');
  const dryRun = dryRunOf(call);
  if (isError(dryRun)) return dryRun;
  const clientToken = clientTokenOf(call);
  if (isError(clientToken)) return clientToken;
  const version = textOf(call, 'version');
  if (isError(version)) return version;
  const type = typeOf(call);
  if (isError(type)) return type;
  const updateStrategy = queryValue(call, 'updateStrategy') ?? null;
  if (updateStrategy !== null && updateStrategy !== '' && !strategies.includes(updateStrategy))
    return fail('InvalidParameter', `updateStrategy must be one of ${strategies.join(', ')}; it was "${shown(updateStrategy)}".`);
  const plugins = call.body.members.plugins ?? [];
  if (!Array.isArray(plugins)) return fail('InvalidParameter', 'plugins must be a list.');
  return { dryRun, clientToken, version: version ?? null, type, updateStrategy: updateStrategy || null, plugins };
}

function typeOf(call: Call): UpgradeType | ApiError {
  const text = textOf(call, 'type');
  if (isError(text)) return text;
  const type = upgradeTypes.find((candidate) => candidate === (text ?? 'engineVersion'));
  return type ?? fail('InvalidParameter', `type must be engineVersion or aliVersion; it was "${shown(text ?? '')}".`);
}
