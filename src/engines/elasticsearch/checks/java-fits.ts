import { catalogRelease } from '../../../domain/index.ts';
import { type EsCheck, hazard, passedUnless } from './check.ts';

export const javaFits: EsCheck = {
  id: 'es.java-fits',
  asks: 'Has every host a Java that the target starts on?',
  scope: 'every-hop',
  run: ({ catalog, hop, observation }) => {
    const java = catalogRelease(catalog, hop.to.version)?.java ?? null;
    if (java === null) return { kind: 'not-applicable', because: `${hop.to.version} brings its own runtime` };
    const silent = Object.entries(observation.hosts).find(([, host]) => host.kind === 'unreachable');
    if (silent !== undefined) return { kind: 'could-not-run', because: `host ${silent[0]} cannot be asked` };
    return passedUnless(
      Object.entries(observation.hosts)
        .filter(([, host]) => host.kind === 'seen' && !host.javas.some((feature) => feature >= java.min && feature <= java.max))
        .map(([key, host]) =>
          hazard(
            `host ${key}`,
            `${hop.to.version} needs Java ${java.min} to ${java.max}; host ${key} has ${(host.kind === 'seen' && host.javas.join(', ')) || 'none'}.`,
            `Install a Java between ${java.min} and ${java.max} there.`,
          ),
        ),
    );
  },
};
