import type { DeprecatedRequests } from '../../../domain/index.ts';
import { minorOf, minorsAhead } from '../minors.ts';
import { type Found, foundOrUnknown, type KubernetesCheck, ofNewerMinor, policy, told } from './check.ts';

/** Asked for since each apiserver was started; what the target removes holds the start, what the next one does is told. */
export const noRemovedApiInUse: KubernetesCheck = {
  id: 'k8s.no-removed-api-in-use',
  asks: 'Does nobody ask for an API that the target no longer serves?',
  scope: 'every-hop',
  run: ofNewerMinor(({ seen, hop, observation }) => {
    const asked = new Map<string, { readonly request: DeprecatedRequests; readonly by: string[] }>();
    for (const apiserver of seen.apiservers) {
      for (const request of apiserver.deprecated) {
        const name = nameOf(request);
        const known = asked.get(name) ?? { request, by: [] };
        asked.set(name, { request, by: [...known.by, `asked for at ${apiserver.name}`] });
      }
    }
    const findings = [...asked.values()].flatMap(({ request, by }) => findingOf(request, by, hop.to.version));
    return foundOrUnknown(findings, observation, 'deprecated');
  }),
};

function nameOf({ group, version, resource, subresource }: DeprecatedRequests): string {
  const kind = subresource === '' ? resource : `${resource}/${subresource}`;
  return group === '' ? `${version}/${kind}` : `${group}/${version}/${kind}`;
}

function findingOf(request: DeprecatedRequests, by: readonly string[], target: string): readonly Found[] {
  const { removedRelease } = request;
  if (removedRelease === '') return [];
  const ahead = minorsAhead(minorOf(removedRelease), target);
  if (ahead > 1) return [];
  const name = nameOf(request);
  const found = policy(
    `api ${name}`,
    `${name} is asked for, and ${removedRelease} no longer serves it.`,
    `See who asks for ${name} (the audit log names callers), and let them ask for a newer version of it.`,
    by,
  );
  return [ahead === 1 ? told(found) : found];
}
