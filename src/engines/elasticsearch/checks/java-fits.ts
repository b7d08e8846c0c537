import { catalogRelease } from '../../../domain/index.ts';
import { type EsCheck, hazard, passedUnless } from './check.ts';

export const javaFits: EsCheck = {
  id: 'es.java-fits',
  asks: 'Has every host a Java that the target starts on?',
  scope: 'every-hop',
  run: ({ catalog, hop, observation }) => {
    const release = catalogRelease(catalog, hop.to.version);
    if (release === undefined) return { kind: 'could-not-run', because: `the catalog does not know ${hop.to.version}` };
    const { java } = release;
    if (java === null) return { kind: 'not-applicable', because: `${hop.to.version} brings its own runtime` };
    const hosts = Object.entries(observation.hosts);
    const silent = hosts.filter(([, host]) => host.kind === 'unreachable').map(([key]) => key);
    const unfit = hosts.flatMap(([key, host]) =>
      host.kind === 'seen' && !host.javas.some((feature) => feature >= java.min && feature <= java.max)
        ? [{ key, has: host.javas.length === 0 ? 'none' : host.javas.join(', ') }]
        : [],
    );
    if (unfit.length === 0 && silent.length > 0)
      return { kind: 'could-not-run', because: `host ${silent.join(', ')} cannot be asked` };
    return passedUnless(
      unfit.map(({ key, has }) =>
        hazard(
          `host ${key}`,
          `${hop.to.version} needs Java ${java.min} to ${java.max}; host ${key} has ${has}.`,
          `Install a Java between ${java.min} and ${java.max} there.`,
        ),
      ),
    );
  },
};
