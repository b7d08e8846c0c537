/** What the policy of the calling key says of a request, in the names that RAM has for actions and resources. */
import { allows } from '../../domain/index.ts';
import type { Call, FaceParts } from './call.ts';
import { type ApiError, fail } from './errors.ts';
import { isError } from './operations/parameters.ts';
import type { Route } from './routes.ts';

/** Null where it may be done; of several instances each must be allowed. */
export function refusedByPolicy({ defaultRegion }: FaceParts, route: Route, call: Call): ApiError | null {
  const { policy, account } = call.caller;
  if (policy === null) return null;
  const action = `elasticsearch:${route.name}`;
  const { InstanceId } = call.path;
  const instances = InstanceId === undefined ? (route.instances?.(call) ?? ['*']) : [InstanceId];
  // The operation refuses it in the same words.
  if (isError(instances)) return null;
  const resources = instances.map((id) => `acs:elasticsearch:${defaultRegion}:${account}:instances/${id}`);
  const denied = resources.find((resource) => !allows(policy, action, resource));
  return denied === undefined ? null : fail('Forbidden.RAM', `The policy of the key does not allow ${action} on ${denied}.`);
}
